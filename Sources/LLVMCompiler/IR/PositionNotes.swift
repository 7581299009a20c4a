// Which instruction of the module IR is of, told LLVM as debug locations: those of a source that has
// one line a byte, so that a line is a byte offset in the module. A column says which body it is, of
// those that a function has in place of calls.

internal import CLLVM

/// Makes the debug locations of one unit. Owns LLVM's builder of them.
struct PositionNotes {
  private let context: LLVMContextRef
  private let builder: LLVMDIBuilderRef
  private let file: LLVMMetadataRef
  private let type: LLVMMetadataRef

  init(_ module: LLVMModuleRef, _ context: LLVMContextRef) {
    self.context = context
    builder = LLVMCreateDIBuilder(module)
    for (flag, value) in [("Debug Info Version", LLVMDebugMetadataVersion()), ("Dwarf Version", 4)]
    {
      let number = LLVMConstInt(LLVMInt32TypeInContext(context), UInt64(value), 0)
      LLVMAddModuleFlag(
        module, LLVMModuleFlagBehaviorWarning, flag, flag.utf8.count, LLVMValueAsMetadata(number))
    }
    let name = "module"
    file = LLVMDIBuilderCreateFile(builder, name, name.utf8.count, "", 0)
    _ = LLVMDIBuilderCreateCompileUnit(
      builder, LLVMDWARFSourceLanguageC, file, "", 0, 1, "", 0, 0, "", 0,
      LLVMDWARFEmissionLineTablesOnly, 0, 0, 0, "", 0, "", 0)
    type = LLVMDIBuilderCreateSubroutineType(builder, file, nil, 0, LLVMDIFlagZero)
  }

  /// What the locations of a function's instructions refer to. `offset` is that of the body.
  func begin(_ function: LLVMValueRef, at offset: Int) -> LLVMMetadataRef {
    let scope: LLVMMetadataRef = LLVMDIBuilderCreateFunction(
      builder, file, "", 0, "", 0, file, UInt32(offset), type, 0, 1, UInt32(offset),
      LLVMDIFlagZero, 1)
    LLVMSetSubprogram(function, scope)
    return scope
  }

  /// The location of the instruction at `offset`, in an inlining of the function (from 1 on) or in its
  /// own body (0). LLVM drops columns of more than 16 bits: then callers will be missing.
  func location(_ offset: Int, inlining: UInt32, in scope: LLVMMetadataRef) -> LLVMMetadataRef {
    LLVMDIBuilderCreateDebugLocation(context, UInt32(offset), inlining, scope, nil)
  }

  /// To be called when all functions have begun, before anything else happens to the unit.
  func finish() { LLVMDIBuilderFinalize(builder) }

  func dispose() { LLVMDisposeDIBuilder(builder) }
}
