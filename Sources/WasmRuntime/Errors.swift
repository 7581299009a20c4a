// What can go wrong, as embedders see it.

package import Runtime
import WasmModule

/// Why bytes or text make no module.
public enum CompileError: Error, Hashable, Sendable {
  /// The text is wrong; line and column are counted from 1.
  case text(String, line: Int, column: Int)
  /// The module breaks the format or the rules of WebAssembly; the message says where.
  case invalid(String)
  /// The module is right, but beyond what is implemented.
  case unsupported(String)
  /// The compiler failed: it is not there, was killed, or the machine gives no memory.
  case failed(String)

  init(_ error: ModuleError) {
    self = error.kind == .unsupported ? .unsupported("\(error)") : .invalid("\(error)")
  }
}

extension CompileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .text(let message, let line, let column): "\(line):\(column): \(message)"
    case .invalid(let message), .failed(let message): message
    case .unsupported(let what): "not supported: \(what)"
    }
  }
}

/// What a limit, the allocator or the machine refuses.
public struct ResourceError: Error, Hashable, Sendable {
  /// Who refuses what.
  public enum Kind: Hashable, Sendable {
    /// The machine gives no address space, as under `ulimit -v`.
    case addressSpace
    /// The machine gives no memory.
    case memory
    /// A limit of the store's, or of this implementation.
    case limit
    /// The store's allocator.
    case allocator
    /// Nothing can have the type that was asked for.
    case wrongType
  }

  public let kind: Kind
  /// What was refused, and why.
  public let message: String

  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package init(_ error: Runtime.ResourceError) {
    message = "\(error)"
    kind =
      switch error {
      case .reservation: .addressSpace
      case .commitment, .heap, .signalHandling: .memory
      case .memoryLimit, .tableLimit, .tooManyTypes: .limit
      case .refused: .allocator
      }
  }

  static func wrapping<Result>(
    _ body: () throws(Runtime.ResourceError) -> Result
  ) throws(ResourceError) -> Result {
    do throws(Runtime.ResourceError) { return try body() } catch { throw ResourceError(error) }
  }
}

extension ResourceError: CustomStringConvertible {
  public var description: String { message }
}

/// An import that nothing provides, or that cannot be what is offered.
public struct LinkError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case unknownImport
    /// What was found has another type, both in words.
    case incompatibleType(wanted: String, found: String)
    /// What was offered belongs to another store.
    case otherStore
  }

  public let module: String
  public let name: String
  public let reason: Reason

  init(module: String, name: String, reason: Reason) {
    self.module = module
    self.name = name
    self.reason = reason
  }

  init(_ error: Runtime.LinkError) {
    module = error.module
    name = error.name
    reason =
      switch error.kind {
      case .unknownImport: .unknownImport
      case .incompatibleType(let wanted, let found): .incompatibleType(wanted: wanted, found: found)
      }
  }
}

extension LinkError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .unknownImport: "unknown import: \(module).\(name)"
    case .incompatibleType(let wanted, let found):
      "incompatible import type: \(module).\(name) is a \(found), wanted is a \(wanted)"
    case .otherStore: "\(module).\(name) is of another store"
    }
  }
}

/// Why a module has no instance.
public enum InstantiationError: Error {
  case link(LinkError)
  case resource(ResourceError)
  /// An active segment was out of bounds (a trap), or the start function did not return.
  case stopped(CallError)
  /// The code is not this module's; in words.
  case code(String)
  /// The module and its imports do not go together; in words.
  case refused(String)

  init(_ error: Runtime.InstantiationError, in store: Store) {
    self =
      switch error {
      case .link(let error): .link(LinkError(error))
      case .resource(let error): .resource(ResourceError(error))
      case .stopped(let error): .stopped(CallError(error, in: store))
      case .image(let why): .code(why)
      case .invalid(let error): .refused("\(error)")
      }
  }
}

/// Why a call has no results.
public enum CallError: Error {
  case trap(Trap)
  /// A host function threw this: the guest is to end without fault.
  case exit(status: UInt32)
  /// A host function threw something of its own.
  case host(any Error)
  /// The call cannot be made: the arguments, or a host function's results, do not match.
  case refused(String)
  /// A host function that is no closure stopped the guest, for a reason that it keeps itself.
  case stopped
  /// A function was called that has no code, since its compiler failed.
  case noCode

  package init(_ error: InvocationError, in store: Store) {
    self =
      switch error {
      case .trap(let trap): .trap(Trap(trap, in: store))
      case .exit(let status): .exit(status: status)
      case .host(let error): .host(error)
      case .refused(let why): .refused(why)
      case .stopped: .stopped
      case .noCode: .noCode
      }
  }

  var core: InvocationError {
    switch self {
    case .trap(let trap): .trap(trap.core)
    case .exit(let status): .exit(status: status)
    case .host(let error): .host(error)
    case .refused(let why): .refused(why)
    case .stopped: .stopped
    case .noCode: .noCode
    }
  }
}

/// Why a memory, global or table cannot be read or changed like that. Nothing has changed.
public enum AccessError: Error, Hashable, Sendable {
  case outOfBounds
  /// The global's value never changes.
  case immutable
  /// The value is not of the type, or of another store.
  case wrongValue
}

/// Why there is no core dump, in words.
package struct CoreDumpError: Error, CustomStringConvertible {
  package let description: String
}
