// Functions of the host that are Swift closures: for embedders, who prefer that to speed.

import CompilerInterface
package import WasmModule

extension Store {
  /// A function of the host that calls `body` with its arguments, on the guest's stack, of which
  /// `CallingConvention.stackReserve` bytes are left. `body` throws to stop the guest: an
  /// `InvocationError` is what `invoke` then throws, anything else its `.host`. The store keeps it.
  package func makeFunction(
    _ type: FunctionType, _ body: @escaping ([Value]) throws -> [Value]
  ) throws(ResourceError) -> Function {
    let closure = HostClosure(type, self, body)
    keepAlive(closure)
    return try makeFunction(
      HostFunctionDefinition(
        module: "", name: "", type: type,
        function: { environment, slots in
          Unmanaged<HostClosure>.fromOpaque(environment!).takeUnretainedValue().call(slots)
        },
        environment: Unmanaged.passUnretained(closure).toOpaque()))
  }
}

private final class HostClosure {
  private let type: FunctionType
  private let parameters: SlotLayout
  private let results: SlotLayout
  /// Keeps this object.
  private unowned let store: Store
  private let body: ([Value]) throws -> [Value]

  init(_ type: FunctionType, _ store: Store, _ body: @escaping ([Value]) throws -> [Value]) {
    self.type = type
    parameters = SlotLayout(type.parameters)
    results = SlotLayout(type.results)
    self.store = store
    self.body = body
  }

  /// Returns a `GuestStatus`.
  func call(_ slots: UnsafeMutablePointer<UInt64>) -> Int32 {
    let start = UnsafeMutableRawPointer(slots)
    let arguments = zip(type.parameters, parameters.offsets).map { type, offset in
      Value(RawValue(loading: start + offset, as: type), type, in: store.heap)
    }
    do {
      let values = try body(arguments)
      guard values.count == type.results.count,
        zip(values, type.results).allSatisfy({ $0.matches($1) })
      else {
        return store.stop(.refused("a host function's results do not match its type \(type)"))
      }
      for (index, offset) in results.offsets.enumerated() {
        values[index].raw.store(at: start + offset, as: type.results[index])
      }
      return GuestStatus.finished
    } catch let error as InvocationError {
      return store.stop(error)
    } catch {
      return store.stop(.host(error))
    }
  }
}
