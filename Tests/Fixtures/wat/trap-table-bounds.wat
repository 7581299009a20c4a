;; An indirect call past the table's end.
(module
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (elem (i32.const 3) $call_slot)
  (func $call_slot (param $slot i32)
    (call_indirect (local.get $slot)))
  (func $_start (export "_start")
    (call_indirect (param i32) (i32.const 4) (i32.const 3))))
