;; A float that is not a number has no integer value.
(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $truncate)
  (func $truncate (param $x f64) (result i32)
    (i32.trunc_f64_s (local.get $x)))
  (func $_start (export "_start")
    (drop (call_indirect (param f64) (result i32) (f64.const nan) (i32.const 0)))))
