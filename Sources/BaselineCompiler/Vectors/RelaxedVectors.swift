// Relaxed vector instructions that take more than one machine instruction. What the specification
// leaves open is settled as in LLVM's code, so that a program computes the same in both.

internal import CompilerInterface

extension FunctionCompiler {
  /// The third operand plus or minus the product of the first two, rounded twice.
  mutating func multiplyAndAdd(_ number: UInt32) {
    let isDouble = number >= 0x107
    let isSum = number & 1 == 1
    let sum = takeVector()
    var right = pop()
    let second = register(&right)
    let product = takeVector()
    code.vector(SSE.packed(SSE.multiply, isDouble: isDouble), product, second)
    let operation = isSum ? SSE.add : SSE.subtract
    code.vector(SSE.packed(operation, isDouble: isDouble), sum, product)
    release(right)
    free |= product.bit
    pushVector(sum)
  }

  /// Sums of four products of signed bytes and bytes below 128, added to the third operand.
  mutating func relaxedDotAndAdd() {
    var addend = pop()
    let sum = register(&addend)
    let right = takeVector()
    var left = pop()
    code.vector(.three38(0x04), right, register(&left))
    integer(0xF5, right, literal: 0x0001_0001_0001_0001)
    code.vector(SSE.integer(0xFE), right, sum)
    release(addend)
    release(left)
    pushVector(right)
  }
}
