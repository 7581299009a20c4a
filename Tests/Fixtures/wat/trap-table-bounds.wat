;; An indirect call past the table's end.
(module
  (memory (export "memory") 1)
  (table 4 funcref)
  (func $call_slot (param $slot i32)
    (call_indirect (local.get $slot)))
  (func $_start (export "_start")
    (call $call_slot (i32.const 4))))
