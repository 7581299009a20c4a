;; Address and offset together exceed 32 bits: no wrapping around to a valid address.
(module
  (memory (export "memory") 1)
  (func $far_store (param $address i32)
    (i32.store offset=0xffffffff (local.get $address) (i32.const 1)))
  (func $_start (export "_start")
    (call $far_store (i32.const 9))))
