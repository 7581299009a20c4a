;; The largest 32-bit memory, used at its very end.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 65536)
  (func $poke_end (export "_start")
    (i32.store (i32.const -4) (i32.const 77))
    (if (i32.ne (i32.load (i32.const -4)) (i32.const 77)) (then (call $exit (i32.const 1))))
    (drop (i32.load (i32.const -3)))
    (call $exit (i32.const 2))))
