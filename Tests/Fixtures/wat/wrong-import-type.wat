;; Wants a WASI function under a type that it does not have.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func (param i64) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")))
