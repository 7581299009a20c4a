// A test's mode: what the ABI page leaves undefined is made visibly wrong.
//
// The upper half of a 32-bit value's register holds garbage at the boundaries of functions. Mostly it
// happens to be zero, which would hide a use of it; with `CodegenOptions.poisonsUpperHalves` it never
// is.

internal import CompilerInterface

extension FunctionCompiler {
  private static let poison: UInt64 = 0xDEAD_BEEF_0000_0000

  /// Sets the upper half of a register, which is zero before or holds garbage. Changes r11 and flags.
  mutating func poisonUpperHalf(_ register: Register) {
    code.move(false, register, register)
    code.move(.r11, immediate: Self.poison)
    code.arithmetic(.or, true, register, .r11)
  }

  /// Poisons the i32 among the parameters, which are in their registers. Changes r11 and flags.
  mutating func poisonParameters(_ signature: Signature) {
    guard tables.options.poisonsUpperHalves else { return }
    var integers = 0
    for place in 0..<signature.parameterCount {
      let kind = signature.parameters[place]
      if kind.isVector || integers >= 8 { continue }
      if kind == .i32 {
        code.reserve()
        poisonUpperHalf(RegisterRoles.integerParameter(integers))
      }
      integers += 1
    }
  }

  /// Poisons the first result, if it is an i32, which is in rax. Changes r11 and flags.
  mutating func poisonResult(_ signature: Signature) {
    guard tables.options.poisonsUpperHalves, signature.resultCount > 0,
      signature.results[0] == .i32
    else { return }
    poisonUpperHalf(.rax)
  }
}
