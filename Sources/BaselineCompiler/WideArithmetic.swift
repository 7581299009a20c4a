// Arithmetic on pairs of i64. Proposal "wide arithmetic".

internal import CompilerInterface

extension FunctionCompiler {
  /// Adds or subtracts two pairs, each with its lower half first: `upper` takes the carry along.
  mutating func combineWide(_ lower: Arithmetic, _ upper: Arithmetic) {
    var rightHigh = pop()
    var rightLow = pop()
    let leftHigh = pop()
    let leftLow = pop()
    // All operands are brought in before the first operation: moves keep the carry, spills too.
    let secondLow = source(&rightLow)
    let secondHigh = source(&rightHigh)
    let low = takeRegister(leftLow)
    let high = takeRegister(leftHigh)
    apply(lower, true, low, secondLow)
    apply(upper, true, high, secondHigh)
    release(rightLow)
    release(rightHigh)
    push(low, .i64)
    push(high, .i64)
  }

  /// The 128-bit product, its lower half first.
  mutating func multiplyWide(_ operation: Unary) {
    let right = pop()
    let left = pop()
    let (owned, register) = prepareDivision(.i64, left, right)
    code.unary(operation, true, register)
    free |= owned
    push(.rax, .i64)
    push(.rdx, .i64)
  }
}
