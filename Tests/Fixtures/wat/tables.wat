;; Reference values: tables grown, filled, copied and compared with null; exits 0 if all is right.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (type $number (func (result i32)))
  (table $functions 2 10 funcref)
  (table $objects 1 externref)
  (elem declare func $seven)
  (elem $segment func $three $seven)
  (func $three (result i32) (i32.const 3))
  (func $seven (result i32) (i32.const 7))
  (func $check (param $ok i32) (param $status i32)
    (if (i32.eqz (local.get $ok)) (then (call $exit (local.get $status)))))
  (func (export "_start")
    (call $check (ref.is_null (table.get $functions (i32.const 0))) (i32.const 1))
    (call $check
      (i32.eq (table.grow $functions (ref.func $seven) (i32.const 3)) (i32.const 2)) (i32.const 2))
    (call $check
      (i32.eq (call_indirect $functions (type $number) (i32.const 4)) (i32.const 7)) (i32.const 3))
    (table.init $functions $segment (i32.const 0) (i32.const 0) (i32.const 2))
    (table.copy $functions $functions (i32.const 3) (i32.const 0) (i32.const 1))
    (call $check
      (i32.eq (call_indirect $functions (type $number) (i32.const 3)) (i32.const 3)) (i32.const 4))
    (call $check
      (i32.eq (table.grow $functions (ref.null func) (i32.const 6)) (i32.const -1)) (i32.const 5))
    (call $check (ref.is_null (table.get $objects (i32.const 0))) (i32.const 6))
    (elem.drop $segment)))
