;; Endless recursion with something to do after each call, so that it is no tail call.
(module
  (memory (export "memory") 1)
  (func $recurse (param $n i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get $n) (i32.const 1))) (local.get $n)))
  (func $_start (export "_start")
    (drop (call $recurse (i32.const 0)))))
