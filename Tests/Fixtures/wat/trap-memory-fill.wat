;; A bulk operation that ends one byte outside.
(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $fill_over)
  (func $fill_over (param $start i32)
    (memory.fill (local.get $start) (i32.const 255) (i32.const 65536)))
  (func $_start (export "_start")
    (call_indirect (param i32) (i32.const 0) (i32.const 0))
    (call_indirect (param i32) (i32.const 1) (i32.const 0))))
