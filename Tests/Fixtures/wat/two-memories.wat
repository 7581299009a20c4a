;; Two memories and extended constants: data copied between them, each of its own size.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (global $base i32 (i32.const 100))
  (memory $first (export "memory") 1)
  (memory $second 2 3)
  (data (memory $first) (i32.add (global.get $base) (i32.mul (i32.const 4) (i32.const 25))) "abcd")
  (func $check (param $ok i32) (param $status i32)
    (if (i32.eqz (local.get $ok)) (then (call $exit (local.get $status)))))
  (func (export "_start")
    (call $check (i32.eq (i32.load (i32.const 200)) (i32.const 0x64636261)) (i32.const 1))
    (memory.copy $second $first (i32.const 70000) (i32.const 200) (i32.const 4))
    (call $check
      (i32.eq (i32.load $second (i32.const 70000)) (i32.const 0x64636261)) (i32.const 2))
    (call $check (i32.eq (memory.grow $second (i32.const 1)) (i32.const 2)) (i32.const 3))
    (call $check (i32.eq (memory.grow $second (i32.const 1)) (i32.const -1)) (i32.const 4))
    (i32.store $second (i32.const 196604) (i32.const 5))
    (call $check (i32.eq (memory.size $first) (i32.const 1)) (i32.const 5))))
