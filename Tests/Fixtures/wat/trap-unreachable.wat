;; The plain trap, below two named callers.
(module
  (memory (export "memory") 1)
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $give_up $attempt)
  (func $give_up unreachable)
  (func $attempt (call_indirect (i32.const 0)))
  (func $_start (export "_start") (call_indirect (i32.const 1))))
