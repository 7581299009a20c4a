;; Reads the last byte of memory, then one past it, at the end of a chain of named functions. The
;; calls go through an exported table, so no compiler can inline them (as in the other traps).
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (type $read (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $load_at $walk)
  (func $load_at (type $read)
    (i32.load8_u (local.get 0)))
  (func $walk (type $read)
    (i32.add (call_indirect (type $read) (local.get 0) (i32.const 0)) (i32.const 1)))
  (func $_start (export "_start")
    (if (i32.ne (call_indirect (type $read) (i32.const 65535) (i32.const 1)) (i32.const 1))
      (then (call $exit (i32.const 1))))
    (drop (call_indirect (type $read) (i32.const 65536) (i32.const 1)))
    (call $exit (i32.const 2))))
