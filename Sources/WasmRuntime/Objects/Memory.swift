// Linear memories, as the host reads and writes them.

package import CompilerInterface
package import Runtime

/// A linear memory, of an instance or of the host. It keeps its store.
///
/// Its base never moves. A memory that is not shared belongs to its store's thread. Others may change
/// a shared one at any time: bytes that are read from it may be of several writes.
public struct Memory {
  package let core: LinearMemory
  public let store: Store

  package init(_ core: LinearMemory, in store: Store) {
    self.core = core
    self.store = store
  }

  /// Makes a memory of the host, all zero, which lives as long as the store. Throws where the
  /// allocator, a limit or the machine refuses, or no memory can have the type.
  public init(_ type: MemoryType, in store: Store) throws(ResourceError) {
    if let fault = type.fault {
      throw ResourceError(.wrongType, "there is no such memory: \(fault)")
    }
    let memory = try ResourceError.wrapping { () throws(Runtime.ResourceError) in
      try store.core.makeMemory(type.core)
    }
    self.init(memory, in: store)
  }

  /// The type, with the size as it is now for a minimum.
  public var type: MemoryType { MemoryType(core.currentType) }

  public var pageCount: UInt64 { core.pageCount }
  public var byteCount: UInt64 { core.byteCount }

  /// Adds zeroed pages. The number of pages before; nil where a limit, the allocator or the machine
  /// refuses. Spec: core 3.0 §4.6.12 (memory.grow).
  @discardableResult
  public func grow(by pageCount: UInt64) -> UInt64? { core.grow(by: pageCount) }

  /// The bytes themselves, for as long as `body` runs. A call of a guest may change and add some.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let definition = core.definition.pointee
    return try body(
      UnsafeMutableRawBufferPointer(start: definition.base, count: Int(definition.byteCount)))
  }

  /// A copy of `count` bytes from `address` on. Throws `.outOfBounds`.
  public func read(_ count: Int, at address: UInt64) throws(AccessError) -> [UInt8] {
    let range = try range(address, count)
    return withUnsafeBytes { Array($0[range]) }
  }

  /// Writes `bytes` from `address` on: all of them, or none and throws `.outOfBounds`.
  public func write(_ bytes: some Collection<UInt8>, at address: UInt64) throws(AccessError) {
    let range = try range(address, bytes.count)
    withUnsafeBytes { $0[range].copyBytes(from: bytes) }
  }

  /// The integer at `address`, which needs no alignment. Throws `.outOfBounds`.
  public func read<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ type: Integer.Type, at address: UInt64
  ) throws(AccessError) -> Integer {
    let range = try range(address, MemoryLayout<Integer>.size)
    return withUnsafeBytes {
      Integer(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: type))
    }
  }

  /// Writes an integer at `address`, which needs no alignment. Throws `.outOfBounds`.
  public func write<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ integer: Integer, at address: UInt64
  ) throws(AccessError) {
    let range = try range(address, MemoryLayout<Integer>.size)
    withUnsafeBytes {
      $0.storeBytes(of: integer.littleEndian, toByteOffset: range.lowerBound, as: Integer.self)
    }
  }

  private func range(_ address: UInt64, _ count: Int) throws(AccessError) -> Range<Int> {
    let byteCount = byteCount
    guard count >= 0, address <= byteCount, UInt64(count) <= byteCount - address else {
      throw .outOfBounds
    }
    return Int(address)..<Int(address) + count
  }

  /// The memory as host functions of WASI reach it.
  package var guestMemory: GuestMemory { core.guestMemory }
}
