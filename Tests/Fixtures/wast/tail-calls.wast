;; Tail calls without function references, which the specification's scripts use throughout:
;; they must take no stack, whatever goes where, and keep every argument.

(module
  (type $binary (func (param i64 i64) (result i64)))
  (type $many
    (func (param i32 i64 f32 f64 i32 i64 i32 i64 i32 i64 i32 i64 f32 f64) (result i64)))
  (table funcref
    (elem $sum-table $even-table $odd-table $many-table $one))

  ;; Far deeper than any stack: n + (n-1) + ... + 1.
  (func $sum (export "sum") (param $n i64) (param $total i64) (result i64)
    (if (i64.eqz (local.get $n)) (then (return (local.get $total))))
    (return_call $sum
      (i64.sub (local.get $n) (i64.const 1)) (i64.add (local.get $n) (local.get $total))))

  (func $sum-table (export "sum-table") (param $n i64) (param $total i64) (result i64)
    (if (i64.eqz (local.get $n)) (then (return (local.get $total))))
    (return_call_indirect (type $binary)
      (i64.sub (local.get $n) (i64.const 1)) (i64.add (local.get $n) (local.get $total))
      (i32.const 0)))

  ;; Each other.
  (func $even (export "even") (param $n i64) (result i32)
    (if (i64.eqz (local.get $n)) (then (return (i32.const 1))))
    (return_call $odd (i64.sub (local.get $n) (i64.const 1))))
  (func $odd (export "odd") (param $n i64) (result i32)
    (if (i64.eqz (local.get $n)) (then (return (i32.const 0))))
    (return_call $even (i64.sub (local.get $n) (i64.const 1))))

  (func $even-table (export "even-table") (param $n i64) (result i32)
    (if (i64.eqz (local.get $n)) (then (return (i32.const 1))))
    (return_call_indirect (param i64) (result i32)
      (i64.sub (local.get $n) (i64.const 1)) (i32.const 2)))
  (func $odd-table (export "odd-table") (param $n i64) (result i32)
    (if (i64.eqz (local.get $n)) (then (return (i32.const 0))))
    (return_call_indirect (param i64) (result i32)
      (i64.sub (local.get $n) (i64.const 1)) (i32.const 1)))

  ;; More arguments than registers, changing places, from and to functions with few.
  (func $many
    (param $n i32) (param i64 f32 f64 i32 i64 i32 i64 i32 i64 i32 i64 f32 f64) (result i64)
    (if (i32.eqz (local.get $n))
      (then
        (return
          (i64.add
            (i64.add
              (i64.mul (local.get 1) (i64.const 1000)) (i64.mul (local.get 5) (i64.const 100)))
            (i64.add
              (i64.mul (local.get 9) (i64.const 10))
              (i64.add
                (local.get 11)
                (i64.trunc_f64_s
                  (f64.mul
                    (f64.add (local.get 13) (f64.promote_f32 (local.get 12)))
                    (f64.const 10000)))))))))
    (return_call $many
      (i32.sub (local.get $n) (i32.const 1))
      (local.get 11) (local.get 12) (local.get 13) (local.get 10) (local.get 1) (local.get 4)
      (local.get 5) (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 2)
      (local.get 3)))
  (func $many-table (type $many)
    (return_call $many
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
      (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 11)
      (local.get 12) (local.get 13)))
  (func (export "many") (param $n i32) (result i64)
    (return_call_indirect (type $many)
      (local.get $n) (i64.const 1) (f32.const 0.5) (f64.const 0.25) (i32.const 2) (i64.const 3)
      (i32.const 4) (i64.const 5) (i32.const 6) (i64.const 7) (i32.const 8) (i64.const 9)
      (f32.const 1.5) (f64.const 2.25) (i32.const 3)))

  ;; Several results.
  (func $three (param i32) (result i32 i64 f64)
    (i32.const 7) (i64.extend_i32_u (local.get 0)) (f64.const 0.5))
  (func $three-more (export "three") (param i32) (result i32 i64 f64)
    (if (i32.eqz (local.get 0)) (then (return_call $three (i32.const 9))))
    (return_call $three-more (i32.sub (local.get 0) (i32.const 1))))

  ;; What follows a tail call is not executed, and its operands can be anything.
  (func $one (result i32) (i32.const 1))
  (func (export "unreachable-behind") (result i32)
    (i32.const 5) (return_call $one) (unreachable))

  ;; The traps of the indirect form.
  (func (export "wrong-type") (result i32) (return_call_indirect (result i32) (i32.const 0)))
  (func (export "out-of-table") (result i32) (return_call_indirect (result i32) (i32.const 5)))
  (func (export "right-type") (result i32) (return_call_indirect (result i32) (i32.const 4)))
)

(assert_return (invoke "sum" (i64.const 0) (i64.const 3)) (i64.const 3))
(assert_return (invoke "sum" (i64.const 10000000) (i64.const 0)) (i64.const 50000005000000))
(assert_return (invoke "sum-table" (i64.const 10000000) (i64.const 0)) (i64.const 50000005000000))
(assert_return (invoke "even" (i64.const 10000000)) (i32.const 1))
(assert_return (invoke "odd" (i64.const 10000000)) (i32.const 0))
(assert_return (invoke "even-table" (i64.const 10000001)) (i32.const 0))
(assert_return (invoke "odd-table" (i64.const 10000001)) (i32.const 1))
(assert_return (invoke "many" (i32.const 0)) (i64.const 38879))
(assert_return (invoke "many" (i32.const 1)) (i64.const 16657))
(assert_return (invoke "many" (i32.const 2)) (i64.const 45435))
(assert_return (invoke "many" (i32.const 10000000)) (i64.const 38879))
(assert_return (invoke "three" (i32.const 10000000)) (i32.const 7) (i64.const 9) (f64.const 0.5))
(assert_return (invoke "unreachable-behind") (i32.const 1))
(assert_return (invoke "right-type") (i32.const 1))
(assert_trap (invoke "wrong-type") "indirect call type mismatch")
(assert_trap (invoke "out-of-table") "undefined element")

;; Across instances, each with a memory of its own: the callee sees its own, and so does the caller
;; when all have returned.
(module $first
  (type $step (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\01")
  (table (export "table") 2 funcref)
  (elem (i32.const 0) $step)
  (func $step (export "step") (param $n i32) (param $total i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (local.get $total))))
    (return_call_indirect (type $step)
      (i32.sub (local.get $n) (i32.const 1))
      (i32.add (local.get $total) (i32.load8_u (i32.const 0)))
      (i32.const 1)))
  (func (export "around") (param i32) (result i32)
    (i32.add
      (call $step (local.get 0) (i32.const 0)) (i32.mul (i32.load8_u (i32.const 0)) (i32.const 7)))))
(register "first" $first)
(module $second
  (type $step (func (param i32 i32) (result i32)))
  (import "first" "table" (table 2 funcref))
  (import "first" "step" (func $first-step (type $step)))
  (memory 1)
  (data (i32.const 0) "\02")
  (elem (i32.const 1) $step)
  (func $step (export "step") (param $n i32) (param $total i32) (result i32)
    (if (i32.eqz (local.get $n)) (then (return (local.get $total))))
    (return_call $first-step
      (i32.sub (local.get $n) (i32.const 1))
      (i32.add (local.get $total) (i32.load8_u (i32.const 0))))))

(assert_return (invoke $first "step" (i32.const 1000000) (i32.const 0)) (i32.const 1500000))
(assert_return (invoke $second "step" (i32.const 1000001) (i32.const 0)) (i32.const 1500002))
(assert_return (invoke $first "around" (i32.const 10)) (i32.const 22))

;; To the host.
(module
  (import "spectest" "print_i32" (func $print (param i32)))
  (func (export "print") (param i32) (return_call $print (local.get 0))))
(assert_return (invoke "print" (i32.const 1)))

(assert_invalid
  (module (func $wide (result i64) (i64.const 1)) (func (result i32) (return_call $wide)))
  "type mismatch")
(assert_invalid (module (func (return_call 1))) "unknown function")
(assert_invalid (module (func (return_call_indirect (i32.const 0)))) "unknown table")
