;; An exception that nobody catches: a handler for another tag on the way lets it pass.
(module
  (memory (export "memory") 1)
  (table 3 funcref)
  (elem (i32.const 0) $throws $tries)
  (tag $failure (param i32))
  (tag $other)
  (func $throws (throw $failure (i32.const 7)))
  (func $tries
    (block $caught
      (try_table (catch $other $caught) (call_indirect (i32.const 0)))))
  (func $_start (export "_start") (call_indirect (i32.const 1))))
