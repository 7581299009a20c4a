// Leaving the guest: checks, trap blocks, statuses of builtins.

internal import CLLVM
internal import CompilerInterface

extension FunctionTranslator {
  /// Traps always; the code behind is unreachable.
  mutating func trap(_ code: TrapCode) {
    builder.branch(trapBlock(code))
    isReachable = false
  }

  /// Traps where `condition` (an `i1`) holds, else goes on.
  mutating func trap(_ code: TrapCode, if condition: LLVMValueRef) {
    if LLVMIsAConstantInt(condition) != nil, LLVMConstIntGetZExtValue(condition) == 0 { return }
    let next = builder.newBlock(in: function)
    builder.branch(condition, trapBlock(code), next)
    builder.position(atEndOf: next)
  }

  /// The block that traps with `code`: the function's one, or where positions are noted the
  /// instruction's. LLVM knows by the `cold` intrinsic that it is hardly ever
  /// reached.
  private mutating func trapBlock(_ code: TrapCode) -> LLVMBasicBlockRef {
    if let known = trapBlocks[Int(code.rawValue)] { return known }
    let here = builder.block
    let block = builder.newBlock(in: function)
    builder.position(atEndOf: block)
    keepApart()
    _ = intrinsic("llvm.ubsantrap", [], [types.i8(code.rawValue)])
    builder.unreachable()
    builder.position(atEndOf: here)
    trapBlocks[Int(code.rawValue)] = block
    return block
  }

  // MARK: Builtins.

  /// Calls `builtin` with the instance and `arguments`.
  func callBuiltin(_ builtin: Builtin, _ arguments: [LLVMValueRef]) -> LLVMValueRef {
    let table = builder.loadInvariant(types.pointer, vmctx, at: VMContextLayout.builtins)
    let code = builder.loadInvariant(types.pointer, table, at: builtin.rawValue * 8)
    let call = builder.call(unit.prototype(of: builtin), code, [vmctx] + arguments)
    unit.attributes.applyNoUnwind(toCall: call)
    return call
  }

  /// Calls a `builtin` that answers with a status, and leaves the guest unless it finished.
  mutating func callChecked(_ builtin: Builtin, _ arguments: [LLVMValueRef]) {
    let status = callBuiltin(builtin, arguments)
    let failed = builder.newBlock(in: function)
    let next = builder.newBlock(in: function)
    builder.branch(builder.compare(LLVMIntNE, status, types.i32(0)), failed, next)
    builder.position(atEndOf: failed)
    let call = callBuiltin(.raise, [status])
    unit.attributes.applyNoReturn(toCall: call)
    if unit.positions != nil { unit.attributes.applyNoMerge(toCall: call) }
    builder.unreachable()
    builder.position(atEndOf: next)
  }
}
