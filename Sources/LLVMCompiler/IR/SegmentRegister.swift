// The segment register GS in IR (`SegmentBase`).
//
// An address in it is a `ptr addrspace(256)` made from null by `getelementptr`, so that alias analysis
// sees one object with offsets in it, as it does where the base is a parameter; from integers it would
// know nothing about two addresses. To LLVM such pointers mean the same everywhere in a function.
// That what they lead to is another place while other instances run does no harm: nothing that reads or
// writes memory moves across a call, nor across what sets GS again, which is said to do either.

internal import CLLVM
internal import CompilerInterface

extension IRBuilder {
  /// Byte `offset` of what GS has the base of.
  func segmentAddress(_ offset: LLVMValueRef) -> LLVMValueRef {
    address(LLVMConstNull(types.segmentPointer), plus: offset)
  }

  /// `base` becomes the base of GS. No intrinsic: those only compute, as far as `NeedSearch` knows.
  func setSegmentBase(_ base: LLVMValueRef) {
    let type = types.function(types.void, [types.pointer])
    let (text, constraints) = ("wrgsbaseq $0", "r,~{memory}")
    let code: LLVMValueRef = LLVMGetInlineAsm(
      type, text, text.utf8.count, constraints, constraints.utf8.count, 1, 0,
      LLVMInlineAsmDialectATT, 0)
    _ = call(type, code, [base])
  }
}

extension FunctionTranslator {
  /// Behind what may have changed it: GS has the base of memory 0 again, where that is reached so.
  func restoreSegmentBase() {
    guard program.segmentBase.isUsed else { return }
    builder.setSegmentBase(
      builder.loadInvariant(types.pointer, vmctx, at: VMContextLayout.memoryBase))
  }
}
