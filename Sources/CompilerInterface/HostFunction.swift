// The contract of host functions: what WASI offers and the runtime links, neither knowing the other.

package import WasmModule

/// A host function as its thunk calls it: reads arguments from `slots`, leaves results there from
/// slot 0 on, returns a `GuestStatus`. It runs on the guest's stack and returns normally always.
package typealias HostFunctionPointer =
  @convention(c) (
    _ environment: UnsafeMutableRawPointer?, _ slots: UnsafeMutablePointer<UInt64>
  ) -> Int32

/// A function that the host offers to modules for import.
package struct HostFunctionDefinition {
  package var module: String
  package var name: String
  package var type: FunctionType
  package var function: HostFunctionPointer
  /// Handed to `function`; whoever defines it keeps it alive as long as the store.
  package var environment: UnsafeMutableRawPointer?

  package init(
    module: String, name: String, type: FunctionType, function: HostFunctionPointer,
    environment: UnsafeMutableRawPointer?
  ) {
    self.module = module
    self.name = name
    self.type = type
    self.function = function
    self.environment = environment
  }
}

/// Guest memory as the host sees it: a view on a memory's definition, whose length can grow.
/// The one place where a guest's pointers are checked.
///
/// Public, as its layout is, because the compiler inlines nothing that is `package` into another
/// module; every pointer of every host call passes here.
public struct GuestMemory {
  /// {base, length in bytes}; stays where it is while the instance lives.
  public let definition: UnsafePointer<MemoryDefinition>

  public init(definition: UnsafePointer<MemoryDefinition>) { self.definition = definition }

  /// The bytes from `address` on, `byteCount` of them; nil where any lies outside.
  @inlinable
  @inline(__always)
  public func bytes(at address: UInt32, count byteCount: Int) -> UnsafeMutableRawBufferPointer? {
    let memory = definition.pointee
    guard byteCount >= 0, let base = memory.base,
      UInt64(address) + UInt64(byteCount) <= memory.byteCount
    else { return nil }
    return UnsafeMutableRawBufferPointer(start: base + Int(address), count: byteCount)
  }
}

/// A linear memory's definition, as machine code reads it.
public struct MemoryDefinition: BitwiseCopyable {
  public var base: UnsafeMutableRawPointer?
  public var byteCount: UInt64

  public init(base: UnsafeMutableRawPointer?, byteCount: UInt64) {
    self.base = base
    self.byteCount = byteCount
  }
}
