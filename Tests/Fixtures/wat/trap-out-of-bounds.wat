;; Reads the last byte of memory, then one past it, at the end of a chain of named functions.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $load_at (param $address i32) (result i32)
    (i32.load8_u (local.get $address)))
  (func $walk (param $address i32) (result i32)
    (i32.add (call $load_at (local.get $address)) (i32.const 1)))
  (func $_start (export "_start")
    (if (i32.ne (call $walk (i32.const 65535)) (i32.const 1)) (then (call $exit (i32.const 1))))
    (drop (call $walk (i32.const 65536)))
    (call $exit (i32.const 2))))
