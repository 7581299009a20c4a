;; The plain trap again, by direct calls that a compiler may inline: the reason and the outermost
;; function are still told.
(module
  (memory (export "memory") 1)
  (func $give_up unreachable)
  (func $attempt (call $give_up))
  (func $_start (export "_start") (call $attempt)))
