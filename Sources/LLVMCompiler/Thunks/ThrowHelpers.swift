// The helpers through which bodies throw.

internal import CLLVM
internal import CompilerInterface

extension UnitModule {
  /// The helper for `builtin`, `throw` or `resume`, of type `(vmctx, m0, exception)`, declared at
  /// its first use.
  func throwHelper(_ builtin: Builtin) -> Callable {
    let type = types.function(types.void, [types.pointer, types.pointer, types.reference])
    let symbol = ImageSymbol.other("\(builtin)")
    let known = LLVMGetNamedFunction(module, symbol.name)
    return Callable(
      type: type, function: known ?? addFunction(symbol, type, convention: Self.wasmConvention))
  }

  /// Defines both helpers. `CallingConvention` says why they are there.
  func defineThrowHelpers() {
    for builtin in [Builtin.throw, .resume] {
      let helper = throwHelper(builtin)
      placeInOwnSection(helper.function, .other("\(builtin)"))
      builder.position(atEndOf: builder.newBlock(in: helper.function))
      let vmctx: LLVMValueRef = LLVMGetParam(helper.function, 0)
      let table = builder.loadInvariant(types.pointer, vmctx, at: VMContextLayout.builtins)
      let code = builder.loadInvariant(types.pointer, table, at: builtin.rawValue * 8)
      let call = builder.call(
        prototype(of: builtin), code, [vmctx, LLVMGetParam(helper.function, 2)])
      // The frame must stay: the C function finds the thrower behind it.
      LLVMSetTailCallKind(call, LLVMTailCallKindNoTail)
      attributes.applyNoReturn(toCall: call)
      builder.unreachable()
    }
  }

  /// What marks functions with landing pads for LLVM. Nothing ever calls it.
  func personality() -> LLVMValueRef {
    let name = "personality"
    return LLVMGetNamedFunction(module, name)
      ?? LLVMAddFunction(module, name, types.function(types.void, []))
  }
}
