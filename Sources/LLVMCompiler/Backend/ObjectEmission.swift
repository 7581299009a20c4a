// From a finished LLVM module to an object.

internal import CLLVM
internal import CompilerInterface

extension TargetMachine {
  /// Generates machine code for `unit`.
  func emitObject(_ unit: UnitModule) throws(CompilationError) -> LinkableObject {
    var message: UnsafeMutablePointer<CChar>?
    var buffer: LLVMMemoryBufferRef?
    guard
      LLVMTargetMachineEmitToMemoryBuffer(reference, unit.module, LLVMObjectFile, &message, &buffer)
        == 0,
      let buffer
    else { throw .failed("LLVM code generation: \(takeMessage(message))") }
    defer { LLVMDisposeMemoryBuffer(buffer) }
    return try ELFObject.read(
      UnsafeRawBufferPointer(start: LLVMGetBufferStart(buffer), count: LLVMGetBufferSize(buffer)),
      inlinings: unit.inlinings)
  }
}
