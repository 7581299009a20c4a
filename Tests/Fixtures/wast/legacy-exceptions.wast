;; The older form of exceptions, which toolchains still emit: try, catch, catch_all, delegate,
;; rethrow.

(module
  (tag $int (param i32))
  (tag $none)
  (func $throw (param i32) (throw $int (local.get 0)))

  (func (export "catch") (param i32) (result i32)
    try (result i32)
      local.get 0
      if  local.get 0  call $throw  end
      i32.const 1
    catch $none
      i32.const 2
    catch $int
    end)

  (func (export "catch_all") (param i32) (result i32)
    try (result i32)
      local.get 0
      call $throw
      i32.const 1
    catch $none
      i32.const 2
    catch_all
      i32.const 3
    end)

  ;; An exception out of a clause is not the try's own any more.
  (func (export "throw_in_clause") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0
        call $throw
        i32.const 1
      catch $int
        i32.const 10
        i32.add
        call $throw
        i32.const 2
      end
    catch $int
      i32.const 100
      i32.add
    end)

  ;; The outer exception, from within the inner clause.
  (func (export "rethrow") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0
        call $throw
        i32.const 1
      catch $int
        drop
        try (result i32)
          i32.const 9
          call $throw
          i32.const 1
        catch $int
          drop
          rethrow 1
        end
      end
    catch $int
    end)

  (func (export "rethrow_out") (param i32)
    try
      local.get 0
      call $throw
    catch_all
      rethrow 0
    end)

  ;; To the outermost try, past the one between.
  (func (export "delegate") (param i32) (result i32)
    try $outer (result i32)
      try (result i32)
        try (result i32)
          local.get 0
          call $throw
          i32.const 1
        delegate $outer
      catch_all
        i32.const 2
      end
    catch $int
      i32.const 1000
      i32.add
    end)

  (func (export "delegate_to_caller") (param i32) (result i32)
    try (result i32)
      try (result i32)
        local.get 0
        call $throw
        i32.const 1
      delegate 1
    catch_all
      i32.const 2
    end)

  ;; From within a clause: the try that the clause belongs to does not count.
  (func (export "delegate_in_clause") (param i32) (result i32)
    try (result i32)
      try $middle (result i32)
        local.get 0
        call $throw
        i32.const 1
      catch $int
        drop
        try (result i32)
          i32.const 5
          call $throw
          i32.const 1
        delegate $middle
      end
    catch $int
    end)

  (func (export "without_clauses") (param i32) (result i32)
    try (result i32)
      local.get 0
      call $throw
      i32.const 1
    end)

  ;; Bodies and clauses that are never reached.
  (func (export "unreachable") (result i32)
    try (result i32)
      i32.const 4
      return
      try  i32.const 1  call $throw  catch $int  drop  catch_all  end
      try  nop  delegate 0
    catch $int
    end)
)

(assert_return (invoke "catch" (i32.const 0)) (i32.const 1))
(assert_return (invoke "catch" (i32.const 7)) (i32.const 7))
(assert_return (invoke "catch_all" (i32.const 7)) (i32.const 3))
(assert_return (invoke "throw_in_clause" (i32.const 7)) (i32.const 117))
(assert_return (invoke "rethrow" (i32.const 7)) (i32.const 7))
(assert_exception (invoke "rethrow_out" (i32.const 7)))
(assert_return (invoke "delegate" (i32.const 7)) (i32.const 1007))
(assert_exception (invoke "delegate_to_caller" (i32.const 7)))
(assert_return (invoke "delegate_in_clause" (i32.const 7)) (i32.const 5))
(assert_exception (invoke "without_clauses" (i32.const 7)))
(assert_return (invoke "unreachable") (i32.const 4))

(assert_invalid (module (func rethrow 0)) "invalid rethrow label")
(assert_invalid (module (func try rethrow 0 end)) "invalid rethrow label")
(assert_invalid (module (func try delegate 1)) "unknown label")
(assert_invalid (module (tag (param i32)) (func try catch 0 end)) "type mismatch")
(assert_invalid (module (func try catch 0 end)) "unknown tag")
(assert_invalid (module (func (result i32) try (result i32) i32.const 0 catch_all end)) "type mismatch")
