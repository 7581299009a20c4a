;; An indirect call whose expected type differs from the function's.
(module
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (elem (i32.const 1) $nullary $call_wrongly)
  (func $nullary (result i32) (i32.const 1))
  (func $call_wrongly (type $unary)
    (call_indirect (type $unary) (i32.const 7) (local.get 0)))
  (func $_start (export "_start")
    (drop (call_indirect (type $unary) (i32.const 1) (i32.const 2)))))
