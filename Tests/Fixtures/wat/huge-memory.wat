;; Valid, but more address space than a process can have: one 64-bit memory of 2^48 bytes.
(module
  (memory (export "memory") i64 0x100000000)
  (func (export "_start")))
