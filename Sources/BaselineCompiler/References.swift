// Instructions on references: addresses of funcrefs, or whatever the runtime makes of others.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func referenceIsNull() {
    var operand = pop()
    let source = register(&operand)
    code.test(true, source, source)
    release(operand)
    finish(.equal)
  }

  mutating func referenceFunction() {
    let offset = tables.funcRefs[Int(reader.unsigned32())]
    requireVMContext()
    let target = destination(.i64)
    code.loadAddress(true, target.register, Address(.r12, offset))
    finish(target, .i64)
  }

  mutating func referencesAreEqual() {
    var right = pop()
    var left = pop()
    let second = register(&right)
    let first = register(&left)
    code.arithmetic(.cmp, true, first, second)
    release(left)
    release(right)
    finish(.equal)
  }

  mutating func referenceAsNonNull() {
    var operand = pop()
    let source = register(&operand)
    code.test(true, source, source)
    jumpToTrap(.nullReference, if: .equal)
    pushAgain(operand)
  }

  /// Branches without the reference if it is null, else keeps it.
  mutating func branchOnNull() {
    var operand = pop()
    let source = register(&operand)
    code.test(true, source, source)
    branch(if: .equal)
    pushAgain(operand)
  }

  /// Branches with the reference if it is not null, else drops it.
  mutating func branchOnNonNull() {
    var operand = pop()
    let source = register(&operand)
    code.test(true, source, source)
    pushAgain(operand)
    branch(if: .notEqual)
    release(pop())
  }
}
