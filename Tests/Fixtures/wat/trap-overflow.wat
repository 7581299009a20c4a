;; The smallest integer divided by -1 has no result; its remainder has one (0).
(module
  (type $binary (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $quotient $remainder)
  (func $quotient (type $binary)
    (i32.div_s (local.get 0) (local.get 1)))
  (func $remainder (type $binary)
    (i32.rem_s (local.get 0) (local.get 1)))
  (func $_start (export "_start")
    (drop (call_indirect (type $binary)
      (i32.sub
        (i32.const 0x80000000)
        (call_indirect (type $binary) (i32.const 0x80000000) (i32.const -1) (i32.const 1)))
      (i32.const -1)
      (i32.const 0)))))
