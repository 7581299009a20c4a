;; A load whose value nobody uses still traps.
(module
  (memory (export "memory") 1)
  (func $ignore (param $address i32)
    (drop (i64.load offset=65532 (local.get $address))))
  (func $_start (export "_start")
    (call $ignore (i32.const 5))))
