// Traps as errors: why, where, and who called whom.

import CompilerInterface
package import Runtime
import WasmModule

/// The end of a guest's run by a trap. Spec: core 3.0 §4.1.
///
/// The store goes on to be usable; what the guest has written stays written. A trap keeps the modules
/// that its backtrace is of, and the exception if that is what nobody caught; a trap with an exception
/// must be released on its store's thread.
public struct Trap: Error, Sendable {
  /// Why code cannot go on.
  public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
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
    case uncaughtException = 16
    case unsharedWait = 17
  }

  /// A function that was running.
  public struct Frame: Sendable {
    /// Its module; nil where that is not known.
    public let module: Module?
    /// In the module's index space.
    public let functionIndex: UInt32
    /// The byte offset in the module of the instruction that was at work, where it is known.
    public let offset: UInt32?

    /// The function's name from the module's name section, fit to be printed, else a name that it is
    /// exported under; nil where it has none. Reads the name section each time.
    public var functionName: String? { module?.functionName(functionIndex) }
  }

  /// A line of a backtrace.
  public enum BacktraceEntry: Sendable {
    case frame(Frame)
    /// So many frames of a deep recursion were not kept.
    case omitted(count: UInt64)
  }

  package let core: Runtime.Trap
  private let modules: [Module]

  package init(_ core: Runtime.Trap, in store: Store) {
    self.core = core
    modules = store.modules
  }

  public var reason: Reason { Reason(rawValue: core.code.rawValue) ?? .unreachable }

  /// For an access outside of a linear memory: how far from the memory's base.
  public var memoryOffset: UInt64? { core.memoryOffset }

  /// Innermost first. Where a host function called back into the guest, the frames behind it follow.
  public var backtrace: [BacktraceEntry] {
    core.backtrace.map { entry in
      switch entry {
      case .omitted(let count): .omitted(count: count)
      case .frame(let frame):
        .frame(
          Frame(
            module: module(of: frame.code), functionIndex: frame.functionIndex,
            offset: frame.wasmOffset))
      }
    }
  }

  /// The module of `code`.
  private func module(of code: LoadedCode) -> Module? { modules.first { $0.code === code } }

  /// For an exception that nobody caught: its tag's name, where its module has one, or its index.
  package var tagName: String? {
    guard let tag = core.tag else { return nil }
    return module(of: tag.code)?.tagName(tag.index) ?? "\(tag.index)"
  }
}

extension Trap: CustomStringConvertible {
  /// The reason in the specification's words, such as `integer divide by zero`.
  public var description: String { core.description }
}
