;; An indirect call through a table entry that is null.
(module
  (memory (export "memory") 1)
  (table 4 funcref)
  (elem (i32.const 1) $nothing)
  (func $nothing)
  (func $call_slot (param $slot i32)
    (call_indirect (local.get $slot)))
  (func $_start (export "_start")
    (call $call_slot (i32.const 1))
    (call $call_slot (i32.const 2))))
