// The store: all that belongs together, and who gives it room.

package import CompilerInterface
package import Runtime
package import SystemCalls

/// Instances, memories, tables, globals and host functions that can refer to each other, with the
/// stack that their code runs on. Spec: core 3.0 §4.2.4.
///
/// Whatever is made in a store lives as long as it does: until neither the store nor any `Instance`,
/// `Function`, `Memory`, `Global`, `Table` or `Reference` of it is held. So each of these can be used
/// as long as it is held; nothing of a store can be given to another one.
///
/// A store belongs to one thread at a time: it may move to another thread between two calls. Several
/// stores can run on several threads at once, also of the same `Module`.
public final class Store {
  /// What the guests of a store may take.
  public struct Limits: Sendable {
    /// Bytes of the guests' stack.
    public var stackByteCount = 16 << 20
    /// Bytes that all linear memories may have together; nil for as many as there are.
    public var memoryByteCount: UInt64?
    /// Elements that all tables may have together; nil for each table's own limit alone.
    public var tableElementCount: UInt64?
    /// Bytes that all structures and arrays may have together; nil for as many as there are.
    public var heapByteCount: UInt64?

    public init() {}

    var core: Runtime.Store.Limits {
      var limits = Runtime.Store.Limits()
      limits.stackByteCount = stackByteCount
      limits.memoryByteCount = memoryByteCount
      limits.tableElementCount = tableElementCount
      limits.heapByteCount = heapByteCount
      return limits
    }
  }

  package let core: Runtime.Store
  /// The modules of all instances: their code refers to their bytes.
  private(set) var modules: [Module] = []

  /// Makes an empty store. `allocator` gives room for its memories and globals; without one the kernel
  /// does. Throws where the machine does not give the stack, or signals cannot be handled: traps are
  /// signals (SIGSEGV, SIGILL, SIGFPE), whose handlers stay installed; signals that come from elsewhere
  /// are passed on.
  public init(
    limits: Limits = Limits(), allocator: (any Allocator)? = nil
  ) throws(ResourceError) {
    core = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try Runtime.Store(limits.core, allocator: allocator.map(AllocatorAdapter.init))
    }
  }

  /// A store for another thread of the program that `other` is of: it shares that one's allocator, and
  /// limits of memories and tables.
  package init(limits: Limits, besides other: Store) throws(ResourceError) {
    core = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try Runtime.Store(limits.core, besides: other.core)
    }
  }

  /// A host function that is no closure. `definition.environment` must live as long as the store.
  package func makeFunction(
    _ definition: HostFunctionDefinition
  ) throws(ResourceError) -> Function {
    let function = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try core.makeFunction(definition)
    }
    return Function(function, in: self)
  }

  /// All instances, in order; also those whose start function failed.
  public var instances: [Instance] { core.instances.map { Instance($0, in: self) } }

  /// Bytes of structures and arrays, dead ones that are not found yet among them.
  public var heapByteCount: UInt64 { core.heapByteCount }

  /// Frees every structure and array that nothing refers to. Guests collect by themselves.
  public func collectGarbage() { core.collectGarbage() }

  /// Keeps `module` as long as this store.
  func keep(_ module: Module) {
    if !modules.contains(where: { $0 === module }) { modules.append(module) }
  }

  /// Lets `observer` know, in a signal handler, before the process dies of a signal that is no trap.
  package static func observeCrashes(_ observer: @convention(c) (Int32) -> Void) {
    Runtime.Store.observeCrashes(observer)
  }

  /// Writes what the store holds after `trap` to `file`, which is empty. `moduleName` says what a module
  /// is called there. Throws why that fails, in words.
  package func writeCoreDump(
    _ trap: Trap, program: String, moduleName: (Module?) -> String, to file: FileDescriptor
  ) throws(CoreDumpError) {
    do throws(Runtime.CoreDumpError) {
      try core.writeCoreDump(
        trap.core, program: program, moduleName: { moduleName(module(of: $0)) }, to: file)
    } catch {
      throw CoreDumpError(description: "\(error)")
    }
  }

  /// The module that `code` was made from.
  package func module(of code: LoadedCode) -> Module? { modules.first { $0.code === code } }
}
