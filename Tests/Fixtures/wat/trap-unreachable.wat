;; The plain trap, below two named callers.
(module
  (memory (export "memory") 1)
  (func $give_up unreachable)
  (func $attempt (call $give_up))
  (func $_start (export "_start") (call $attempt)))
