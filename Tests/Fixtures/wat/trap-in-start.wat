;; A trap in the start function, before _start could be called.
(module
  (memory (export "memory") 1)
  (func $initialise unreachable)
  (start $initialise)
  (func (export "_start")))
