// The attributes of every function that is generated.

internal import CLLVM

/// Attributes of one context, made once.
///
/// What is missing is as deliberate as what is there: no `mustprogress` (wasm loops may run for
/// ever), no `willreturn` and no memory effects (a call whose result nobody uses may still trap).
struct FunctionAttributes {
  private let all: [LLVMAttributeRef]
  private let cold: LLVMAttributeRef
  private let noReturn: LLVMAttributeRef
  private let noUnwind: LLVMAttributeRef
  private let noMerge: LLVMAttributeRef

  /// `mayUnwind`: the module catches exceptions, so any function may be left by one. `usesSegment`:
  /// GS has memory 0's base.
  init(_ context: LLVMContextRef, mayUnwind: Bool, usesSegment: Bool) {
    noUnwind = Self.named(context, "nounwind")
    all  // No frame is ever unwound by table, so none gets unwind rows without need.
    =
      (mayUnwind ? [] : [noUnwind])
      + [
        // Guest address 0 is an ordinary address.
        Self.named(context, "null_pointer_is_valid")
      ]
      + [
        // pc, sp and fp must be all there is to enter a handler with; backtraces walk rbp.
        ("frame-pointer", "all"),
        // A frame larger than the guard must not jump it.
        ("probe-stack", "inline-asm"),
        // Loops stay loops: there is no libc to call, and a trap in the middle must be exact.
        ("no-builtins", ""),
        // A realigned frame cannot make sibling calls, which return_call depends on.
        ("no-realign-stack", ""),
      ].map { Self.text(context, $0.0, $0.1) }
      // Else LLVM takes what is loaded from address 0 of GS for the base of GS, as in thread-local
      // storage, and uses GS in its place.
      + (usesSegment ? [Self.text(context, "indirect-tls-seg-refs", "")] : [])
    cold = Self.named(context, "cold")
    noReturn = Self.named(context, "noreturn")
    noMerge = Self.named(context, "nomerge")
  }

  func apply(to function: LLVMValueRef) {
    for attribute in all { add(attribute, to: function) }
  }

  /// Marks a call that does not come back, on a path that is hardly ever taken.
  func applyNoReturn(toCall call: LLVMValueRef) {
    for attribute in [noReturn, cold] {
      LLVMAddCallSiteAttribute(call, Self.functionIndex, attribute)
    }
  }

  /// Marks a call that no exception comes out of.
  func applyNoUnwind(toCall call: LLVMValueRef) {
    LLVMAddCallSiteAttribute(call, Self.functionIndex, noUnwind)
  }

  /// Marks a call that is never made one with another.
  func applyNoMerge(toCall call: LLVMValueRef) {
    LLVMAddCallSiteAttribute(call, Self.functionIndex, noMerge)
  }

  private static let functionIndex = LLVMAttributeIndex(bitPattern: -1)

  private func add(_ attribute: LLVMAttributeRef, to function: LLVMValueRef) {
    LLVMAddAttributeAtIndex(function, Self.functionIndex, attribute)
  }

  private static func named(_ context: LLVMContextRef, _ name: String) -> LLVMAttributeRef {
    LLVMCreateEnumAttribute(
      context, LLVMGetEnumAttributeKindForName(name, name.utf8.count), 0)
  }

  private static func text(
    _ context: LLVMContextRef, _ name: String, _ value: String
  ) -> LLVMAttributeRef {
    LLVMCreateStringAttribute(
      context, name, UInt32(name.utf8.count), value, UInt32(value.utf8.count))
  }
}
