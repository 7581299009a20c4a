;; An indirect call whose expected type differs from the function's.
(module
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table 4 funcref)
  (elem (i32.const 1) $nullary)
  (func $nullary (result i32) (i32.const 1))
  (func $call_wrongly (param $slot i32) (result i32)
    (call_indirect (type $unary) (i32.const 7) (local.get $slot)))
  (func $_start (export "_start")
    (drop (call $call_wrongly (i32.const 1)))))
