;; A bulk operation that ends one byte outside traps before it writes anything.
(module
  (memory (export "memory") 1)
  (func $fill_over (param $start i32)
    (memory.fill (local.get $start) (i32.const 255) (i32.const 65536)))
  (func $_start (export "_start")
    (call $fill_over (i32.const 0))
    (call $fill_over (i32.const 1))))
