// Functions: to call, to refer to, and of the host's own.

package import Runtime
package import WasmModule

/// A function of an instance or of the host. It keeps its store.
public struct Function: Equatable {
  package let core: Runtime.Function
  public let store: Store

  package init(_ core: Runtime.Function, in store: Store) {
    self.core = core
    self.store = store
  }

  /// What a host function does: takes arguments of the function's parameter types, and returns values
  /// of its result types, or throws, and the guest that called it stops.
  ///
  /// It runs on the guest's stack, of which at least 256 KiB are left, on the thread that the guest
  /// runs on. It may call guests, and catch what comes of that. What it throws is what the host's call
  /// throws in the end: a `CallError` as it is (`.exit` for an end without fault, `.trap` for a trap
  /// of a call of its own), anything else as `CallError.host`. The store keeps the closure; so a
  /// closure must not hold the store, nor anything of it, but use the one that it is handed.
  public typealias Body = (_ store: Store, _ arguments: [Value]) throws -> [Value]

  /// Makes a function of the host, which lives as long as the store. Throws where the machine gives
  /// no memory.
  public init(
    _ type: FunctionType, in store: Store, _ body: @escaping Body
  ) throws(ResourceError) {
    let results = type.core.results
    // The store keeps the closure, and outlives every call.
    let function = try ResourceError.wrapping { [unowned store] () throws(Runtime.ResourceError) in
      try store.core.makeFunction(type.core) { arguments in
        do {
          let values = try body(store, arguments.map { Value($0, in: store) })
          guard let found = values.core(as: results, in: store) else {
            throw InvocationError.refused(
              "a host function's results do not match its type \(type), or are another store's")
          }
          return found
        } catch let error as CallError {
          throw error.core
        }
      }
    }
    self.init(function, in: store)
  }

  public var type: FunctionType { FunctionType(core.type) }

  /// Whether it is the host's.
  public var isHost: Bool { core.definition == nil }

  /// Its index in the module that defines it; 0 for the host's.
  public var index: UInt32 { core.definition?.index ?? 0 }

  public static func == (left: Function, right: Function) -> Bool { left.core == right.core }

  /// Calls the function on the store's stack for guests and waits for its end. To be used on the
  /// store's thread; a host function may call it, too.
  @discardableResult
  public func call(_ arguments: [Value] = []) throws(CallError) -> [Value] {
    guard let values = arguments.core(as: core.type.parameters, in: store) else {
      throw .refused("the arguments do not match the function's type \(type)")
    }
    do throws(InvocationError) {
      return try store.core.invoke(core, values).map { Value($0, in: store) }
    } catch {
      throw CallError(error, in: store)
    }
  }

  package func isOfType(_ type: WasmModule.FunctionType) -> Bool { core.type == type }

  /// The same as `call`.
  @discardableResult
  public func callAsFunction(_ arguments: Value...) throws(CallError) -> [Value] {
    try call(arguments)
  }
}
