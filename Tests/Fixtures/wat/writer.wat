;; Writes by fd_write without any libc; the second vector lies at the end of memory.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "written by ")
  (data (i32.const 65527) "hand-rol\n")
  (func (export "_start")
    (i32.store (i32.const 0) (i32.const 64))
    (i32.store (i32.const 4) (i32.const 11))
    (i32.store (i32.const 8) (i32.const 65527))
    (i32.store (i32.const 12) (i32.const 9))
    (if (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 20))
      (then unreachable))
    (if (i32.ne (i32.load (i32.const 20)) (i32.const 20)) (then unreachable))))
