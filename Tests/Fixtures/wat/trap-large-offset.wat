;; Address and offset together exceed 32 bits: no wrapping around to a valid address.
(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $far_store)
  (func $far_store (param $address i32)
    (i32.store offset=0xffffffff (local.get $address) (i32.const 1)))
  (func $_start (export "_start")
    (call_indirect (param i32) (i32.const 9) (i32.const 0))))
