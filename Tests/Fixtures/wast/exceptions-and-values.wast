;; What a handler finds: locals as the throwing call left them, operands that waited below the try,
;; everything that an exception can carry, and exceptions that outlive others.

(module
  (tag $int (param i32))
  (tag $all (param i32 i64 f32 f64 v128 externref i32))
  (func $throw (param i32) (throw $int (local.get 0)))
  (func $throw_if (param i32 i32)
    local.get 0
    if  local.get 1  throw $int  end)

  ;; The second call throws: the handler sees what was set between the calls.
  (func (export "locals") (param $x i32) (result i32) (local $y i32) (local $d f64)
    (block $caught (result i32)
      (try_table (result i32) (catch $int $caught)
        (local.set $y (i32.add (local.get $x) (i32.const 1)))
        (local.set $d (f64.convert_i32_s (local.get $y)))
        (call $throw_if (i32.const 0) (i32.const 9))
        (local.set $y (i32.mul (local.get $y) (i32.const 3)))
        (local.set $d (f64.add (local.get $d) (f64.const 0.5)))
        (call $throw_if (i32.const 1) (local.get $x))
        (local.set $y (i32.const -1))
        (i32.const 1000)))
    local.get $y
    i32.add
    (i32.trunc_f64_s (f64.mul (local.get $d) (f64.const 10)))
    i32.add)

  ;; Operands below, of all kinds, and a loop around.
  (func (export "below") (param $n i32) (result f64) (local $i i32) (local $sum f64)
    (loop $again
      local.get $sum
      (f64.promote_f32 (f32.const 0.25))
      (f64.convert_i64_s (i64.add (i64.extend_i32_s (local.get $i)) (i64.const 1)))
      (block $caught (result i32)
        (try_table (result i32) (catch $int $caught)
          (call $throw (local.get $i))
          (i32.const 77)))
      f64.convert_i32_s
      f64.add
      f64.add
      f64.add
      local.set $sum
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (local.get $n))))
    local.get $sum)

  (func $throw_all (param externref)
    (throw $all (i32.const 1) (i64.const -2) (f32.const 3.5) (f64.const -4.5)
      (v128.const i32x4 1 2 3 4) (local.get 0) (i32.const 6)))
  (func (export "payload") (param externref)
    (result i32 i64 f32 f64 v128 externref i32)
    (block $caught (result i32 i64 f32 f64 v128 externref i32)
      (try_table (catch $all $caught) (call $throw_all (local.get 0)))
      unreachable))

  ;; An exception that is kept while others come and go.
  (func (export "kept") (param $n i32) (result i32) (local $kept exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $throw (i32.const 41)))
      unreachable)
    local.set $kept
    (loop $again
      (block $caught (result i32)
        (try_table (catch $int $caught) (call $throw (local.get $n)))
        unreachable)
      drop
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (block $caught (result i32)
      (try_table (catch $int $caught) (throw_ref (local.get $kept)))
      unreachable))

  ;; The same with the exception among the operands.
  (func (export "kept_below") (param $n i32) (result i32)
    (block $outer (result i32)
      (try_table (result i32) (catch $int $outer)
        (block $caught (result exnref)
          (try_table (catch_all_ref $caught) (call $throw (i32.const 42)))
          unreachable)
        (loop $again (param exnref) (result exnref)
          (block $caught (result i32)
            (try_table (catch $int $caught) (call $throw (local.get $n)))
            unreachable)
          drop
          (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        throw_ref)))

  ;; In the older form a clause keeps its exception for rethrow.
  (func (export "rethrown") (param $n i32) (result i32)
    try (result i32)
      try
        i32.const 43
        call $throw
      catch_all
        loop $again
          try
            local.get $n
            call $throw
          catch $int
            drop
          end
          local.get $n
          i32.const 1
          i32.sub
          local.tee $n
          br_if $again
        end
        rethrow 0
      end
      i32.const 0
    catch $int
    end)

  ;; A delegate within a clause goes past the try of the clause.
  (func (export "delegated") (result i32)
    try $outer (result i32)
      try $inner (result i32)
        i32.const 5
        call $throw
        i32.const 0
      catch $int
        drop
        try (result i32)
          i32.const 6
          call $throw
          i32.const 0
        delegate $inner
      end
    catch $int
      i32.const 10
      i32.mul
    end)

  ;; Nothing in the body can throw: the clauses are never reached.
  (func (export "idle") (param i32) (result i32)
    try (result i32)
      local.get 0
      i32.const 1
      i32.add
    catch $int
      i32.const 2
      i32.mul
    catch_all
      i32.const 3
    end))

(assert_return (invoke "locals" (i32.const 4)) (i32.const 74))
(assert_return (invoke "below" (i32.const 10)) (f64.const 102.5))
(assert_return (invoke "payload" (ref.extern 7)) (i32.const 1) (i64.const -2) (f32.const 3.5)
  (f64.const -4.5) (v128.const i32x4 1 2 3 4) (ref.extern 7) (i32.const 6))
(assert_return (invoke "kept" (i32.const 50)) (i32.const 41))
(assert_return (invoke "kept_below" (i32.const 50)) (i32.const 42))
(assert_return (invoke "rethrown" (i32.const 50)) (i32.const 43))
(assert_return (invoke "delegated") (i32.const 60))
(assert_return (invoke "idle" (i32.const 4)) (i32.const 5))
