;; proc_exit inside the start function ends the run with its status.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $initialise (call $exit (i32.const 9)))
  (start $initialise)
  (func (export "_start") unreachable))
