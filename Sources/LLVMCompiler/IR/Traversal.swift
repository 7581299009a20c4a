// Walking over the IR.

internal import CLLVM

extension LLVMValueRef {
  /// Calls `body` with every instruction of this function; `body` may change or erase the one that
  /// it is given, and insert others before it.
  func forEachInstruction(_ body: (LLVMValueRef) -> Void) {
    var nextBlock = LLVMGetFirstBasicBlock(self)
    while let block = nextBlock {
      nextBlock = LLVMGetNextBasicBlock(block)
      var nextInstruction = LLVMGetFirstInstruction(block)
      while let instruction = nextInstruction {
        nextInstruction = LLVMGetNextInstruction(instruction)
        body(instruction)
      }
    }
  }
}

extension UnitModule {
  /// Calls `body` with every function that has a body here.
  func forEachDefinition(_ body: (LLVMValueRef) -> Void) {
    var next = LLVMGetFirstFunction(module)
    while let function = next {
      next = LLVMGetNextFunction(function)
      if LLVMIsDeclaration(function) == 0 { body(function) }
    }
  }
}
