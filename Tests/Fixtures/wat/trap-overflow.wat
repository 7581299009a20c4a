;; The smallest integer divided by -1 has no result; its remainder has one (0).
(module
  (memory (export "memory") 1)
  (func $quotient (param $x i32) (param $y i32) (result i32)
    (i32.div_s (local.get $x) (local.get $y)))
  (func $remainder (param $x i32) (param $y i32) (result i32)
    (i32.rem_s (local.get $x) (local.get $y)))
  (func $_start (export "_start")
    (drop (call $quotient
      (i32.sub (i32.const 0x80000000) (call $remainder (i32.const 0x80000000) (i32.const -1)))
      (i32.const -1)))))
