;; A load whose value nobody uses still traps.
(module
  (memory (export "memory") 1)
  (table (export "table") 1 funcref)
  (elem (i32.const 0) $ignore)
  (func $ignore (param $address i32)
    (drop (i64.load offset=65532 (local.get $address))))
  (func $_start (export "_start")
    (call_indirect (param i32) (i32.const 5) (i32.const 0))))
