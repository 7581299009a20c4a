;; An unsigned 64-bit remainder by zero.
(module
  (memory (export "memory") 1)
  (func $remainder (param $x i64) (param $y i64) (result i64)
    (i64.rem_u (local.get $x) (local.get $y)))
  (func $loop_down (param $n i64) (result i64)
    (if (result i64) (i64.eqz (local.get $n))
      (then (call $remainder (i64.const 5) (local.get $n)))
      (else (call $loop_down (i64.sub (local.get $n) (i64.const 1))))))
  (func $_start (export "_start")
    (drop (call $loop_down (i64.const 3)))))
