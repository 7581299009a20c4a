;; Well-formed but invalid: an addition of an integer and a float.
(module
  (memory (export "memory") 1)
  (func $fine (result i32) (i32.const 1))
  (func $mixed_up (result i32) (i32.add (i32.const 1) (f32.const 2)))
  (func (export "_start") (drop (call $mixed_up))))
