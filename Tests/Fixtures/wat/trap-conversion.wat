;; A float that is not a number has no integer value.
(module
  (memory (export "memory") 1)
  (func $truncate (param $x f64) (result i32)
    (i32.trunc_f64_s (local.get $x)))
  (func $_start (export "_start")
    (drop (call $truncate (f64.const nan)))))
