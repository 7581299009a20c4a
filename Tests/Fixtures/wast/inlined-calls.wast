;; Small functions, which are translated where they are called.

(module
  (memory 1)
  (global $calls (mut i32) (i32.const 0))

  ;; A local is zero at each entry, also in a loop and after it was changed.
  (func $count-from-zero (result i32) (local $n i32)
    (local.set $n (i32.add (local.get $n) (i32.const 1)))
    (local.get $n))
  (func (export "fresh-locals") (param $rounds i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $count-from-zero)))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (local.get $sum))

  ;; A parameter that the callee changes is the caller's own still.
  (func $double (param $n i32) (result i32)
    (local.set $n (i32.shl (local.get $n) (i32.const 1)))
    (local.get $n))
  (func (export "own-parameters") (param $n i32) (result i32)
    (i32.add (call $double (local.get $n)) (local.get $n)))

  ;; Returns out of blocks, by `return` and by a branch to the body itself.
  (func $sign (param $n i32) (result i32)
    (block $positive
      (br_if $positive (i32.gt_s (local.get $n) (i32.const 0)))
      (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
      (br 1 (i32.const -1)))
    (i32.const 1))
  (func (export "early-returns") (param $n i32) (result i32)
    (i32.add (i32.mul (call $sign (local.get $n)) (i32.const 10))
      (call $sign (i32.sub (i32.const 0) (local.get $n)))))

  ;; More results than one, of which the deeper lie below what the caller has on its stack.
  (func $swap (param $a i32) (param $b i64) (result i64 i32) (local.get $b) (local.get $a))
  (func (export "many-results") (param $a i32) (param $b i64) (result i32 i64 i32)
    (i32.const 7) (call $swap (local.get $a) (local.get $b)))

  ;; Bodies in bodies, several times.
  (func $quadruple (param $n i32) (result i32) (call $double (call $double (local.get $n))))
  (func (export "nested") (param $n i32) (result i32)
    (i32.sub (call $quadruple (local.get $n)) (call $quadruple (i32.const 1))))

  ;; A body that never comes to its end, and what stands behind its call.
  (func $fail (result i32) (unreachable))
  (func (export "no-return") (param $fails i32) (result i32)
    (if (result i32) (local.get $fails)
      (then (block (result i32) (drop (call $fail)) (if (i32.const 1) (then (nop)) (else (nop))) (i32.const 1)))
      (else (i32.const 2))))

  ;; A table of branches, one of them to the body's own end.
  (func $choose (param $n i32) (result i32)
    (block $b
      (block $a
        (i32.const 30)
        (block $c (param i32) (result i32)
          (br_table $c 3 (local.get $n)))
        (drop) (br $a))
      (return (i32.const 10)))
    (i32.const 20))
  (func (export "table") (param $n i32) (result i32)
    (i32.add (call $choose (local.get $n)) (i32.const 1)))

  ;; Calls that stay calls amid inlined ones.
  (func $ackermann (param $m i32) (param $n i32) (result i32)
    (if (i32.eqz (local.get $m)) (then (return (i32.add (local.get $n) (i32.const 1)))))
    (if (i32.eqz (local.get $n))
      (then (return (call $ackermann (i32.sub (local.get $m) (i32.const 1)) (i32.const 1)))))
    (call $ackermann (i32.sub (local.get $m) (i32.const 1))
      (call $ackermann (local.get $m) (i32.sub (local.get $n) (i32.const 1)))))
  (func $wrapped (param $m i32) (param $n i32) (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (call $ackermann (local.get $m) (local.get $n)))
  (func (export "recursion") (result i32 i32)
    (call $wrapped (i32.const 2) (call $wrapped (i32.const 1) (i32.const 1))) (global.get $calls))

  ;; Two that call each other: one is inlined into the other at most.
  (func $even (param $n i32) (result i32)
    (if (result i32) (i32.eqz (local.get $n)) (then (i32.const 1))
      (else (call $odd (i32.sub (local.get $n) (i32.const 1))))))
  (func $odd (param $n i32) (result i32)
    (if (result i32) (i32.eqz (local.get $n)) (then (i32.const 0))
      (else (call $even (i32.sub (local.get $n) (i32.const 1))))))
  (func (export "mutual") (param $n i32) (result i32) (call $even (local.get $n)))

  ;; A tail call in a small function returns to that function's caller only.
  (func $jump (param $n i32) (result i32) (return_call $double (local.get $n)))
  (func (export "tail-call") (param $n i32) (result i32)
    (i32.add (call $jump (local.get $n)) (i32.const 1)))

  ;; A reference that only a body amid another holds while something is allocated.
  (type $cell (struct (field i32)))
  (func $held (param $n i32) (result i32) (local $cell (ref null $cell))
    (if (i32.eqz (ref.is_null (local.get $cell))) (then (unreachable)))
    (local.set $cell (struct.new $cell (local.get $n)))
    (drop (struct.new $cell (i32.const 9)))
    (struct.get $cell 0 (local.get $cell)))
  (func (export "references") (param $rounds i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $held (local.get $rounds))))
      (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
      (br_if $again (local.get $rounds)))
    (local.get $sum))

  ;; An access that traps, whose value nobody needs.
  (func $touch (param $address i32) (drop (i32.load (local.get $address))))
  (func (export "trap") (param $address i32) (call $touch (local.get $address))))

(assert_return (invoke "fresh-locals" (i32.const 5)) (i32.const 5))
(assert_return (invoke "own-parameters" (i32.const 21)) (i32.const 63))
(assert_return (invoke "early-returns" (i32.const 5)) (i32.const 9))
(assert_return (invoke "early-returns" (i32.const -5)) (i32.const -9))
(assert_return (invoke "early-returns" (i32.const 0)) (i32.const 0))
(assert_return (invoke "many-results" (i32.const 1) (i64.const 2))
  (i32.const 7) (i64.const 2) (i32.const 1))
(assert_return (invoke "nested" (i32.const 11)) (i32.const 40))
(assert_return (invoke "no-return" (i32.const 0)) (i32.const 2))
(assert_trap (invoke "no-return" (i32.const 1)) "unreachable")
(assert_return (invoke "table" (i32.const 0)) (i32.const 11))
(assert_return (invoke "table" (i32.const 1)) (i32.const 31))
(assert_return (invoke "recursion") (i32.const 9) (i32.const 2))
(assert_return (invoke "mutual" (i32.const 1000)) (i32.const 1))
(assert_return (invoke "mutual" (i32.const 7)) (i32.const 0))
(assert_return (invoke "tail-call" (i32.const 4)) (i32.const 9))
(assert_return (invoke "references" (i32.const 100000)) (i32.const 705082704))
(assert_return (invoke "trap" (i32.const 65532)))
(assert_trap (invoke "trap" (i32.const 65533)) "out of bounds memory access")
