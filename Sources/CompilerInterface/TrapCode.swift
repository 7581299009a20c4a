// Why guest code stops: the codes that machine code, signal handler and builtins share.

/// A trap's reason. The raw value is the immediate of the trapping instruction (`ud1`, from
/// `llvm.ubsantrap`), and the status that builtins return.
package enum TrapCode: UInt8, Sendable, CaseIterable {
  case unreachable = 1
  case memoryOutOfBounds = 2
  case tableOutOfBounds = 3
  case uninitializedElement = 4
  case indirectCallTypeMismatch = 5
  case integerOverflow = 6
  case integerDivideByZero = 7
  case invalidConversionToInteger = 8
  case stackExhausted = 9
  case nullReference = 10
  case interrupted = 11
  case unalignedAtomic = 12
  case castFailure = 13
  case arrayOutOfBounds = 14
  case heapExhausted = 15
  /// No instruction: an exception that nobody catches.
  case uncaughtException = 16
  case unsharedWait = 17
}

extension TrapCode: CustomStringConvertible {
  /// The message in the specification's test suite's words.
  package var description: String {
    switch self {
    case .unreachable: "unreachable"
    case .memoryOutOfBounds: "out of bounds memory access"
    case .tableOutOfBounds: "out of bounds table access"
    case .uninitializedElement: "uninitialized element"
    case .indirectCallTypeMismatch: "indirect call type mismatch"
    case .integerOverflow: "integer overflow"
    case .integerDivideByZero: "integer divide by zero"
    case .invalidConversionToInteger: "invalid conversion to integer"
    case .stackExhausted: "call stack exhausted"
    case .nullReference: "null reference"
    case .interrupted: "interrupt"
    case .unalignedAtomic: "unaligned atomic"
    case .castFailure: "cast failure"
    case .arrayOutOfBounds: "out of bounds array access"
    case .heapExhausted: "out of memory for objects"
    case .uncaughtException: "uncaught exception"
    case .unsharedWait: "expected shared memory"
    }
  }
}

/// What a builtin or a host function returns to its thunk.
///
/// `finished` goes on; 1-127 is a `TrapCode`; `pending` says that the store holds an exit status
/// or a host error. Anything but `finished` makes the thunk leave the guest's frames: all of them,
/// or for `TrapCode.uncaughtException` those up to the one that catches.
package enum GuestStatus {
  package static let finished: Int32 = 0
  package static let pending: Int32 = 128
  /// The compiler has no code for a function that was called, and has told why.
  package static let noCode: Int32 = 130
}
