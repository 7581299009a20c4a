;; Pointers handed to WASI that lie outside memory: an error number (fault, 21), never a crash.
(module
  (import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get"
    (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $expect_fault (param $errno i32) (param $status i32)
    (if (i32.ne (local.get $errno) (i32.const 21)) (then (call $exit (local.get $status)))))
  (func (export "_start")
    ;; the vector array itself
    (call $expect_fault
      (call $fd_write (i32.const 1) (i32.const 65532) (i32.const 1) (i32.const 0)) (i32.const 1))
    ;; a vector's buffer
    (i32.store (i32.const 0) (i32.const 65000))
    (i32.store (i32.const 4) (i32.const 1000))
    (call $expect_fault
      (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)) (i32.const 2))
    ;; a count of vectors whose size in bytes exceeds 32 bits
    (call $expect_fault
      (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0x20000001) (i32.const 16))
      (i32.const 3))
    (call $expect_fault (call $random_get (i32.const -16) (i32.const 32)) (i32.const 4))
    (call $expect_fault
      (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 65529)) (i32.const 5))))
