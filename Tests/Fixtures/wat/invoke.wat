;; Functions to call by name: integers, floats, several results, none.
(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "multiply") (param i64 i64) (result i64) (i64.mul (local.get 0) (local.get 1)))
  (func (export "half") (param f64) (result f64) (f64.div (local.get 0) (f64.const 2)))
  (func (export "both") (param i32) (result i32 i64)
    (local.get 0) (i64.extend_i32_s (i32.sub (i32.const 0) (local.get 0))))
  (func $fail (export "fail") (param i32) (result i32)
    (i32.div_u (i32.const 1) (local.get 0)))
  (func (export "nothing")))
