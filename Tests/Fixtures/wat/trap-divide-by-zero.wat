;; An unsigned 64-bit remainder by zero, at the end of a recursion.
(module
  (type $binary (func (param i64 i64) (result i64)))
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $remainder)
  (func $remainder (type $binary)
    (i64.rem_u (local.get 0) (local.get 1)))
  (func $loop_down (param $n i64) (result i64)
    (if (result i64) (i64.eqz (local.get $n))
      (then (call_indirect (type $binary) (i64.const 5) (local.get $n) (i32.const 0)))
      (else (i64.add
        (call $loop_down (i64.sub (local.get $n) (i64.const 1))) (local.get $n)))))
  (func $_start (export "_start")
    (drop (call $loop_down (i64.const 3)))))
