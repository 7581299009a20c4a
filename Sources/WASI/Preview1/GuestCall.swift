// How a guest's call becomes a Swift call and its errors become numbers.

internal import CompilerInterface
internal import EventLoop
internal import SystemCalls

/// One call of a host function: its arguments, and the memory that they point into.
struct GuestCall {
  /// Unretained, as the function that is called has it: retaining and releasing it was 8 % of what a
  /// write of one byte costs.
  private let unmanagedContext: Unmanaged<WASIContext>
  private let slots: UnsafeMutablePointer<UInt64>
  let memory: GuestMemory?

  /// Runs `body` for a call and leaves the error number in the result's slot.
  @inline(__always)
  static func answer(
    _ environment: UnsafeMutableRawPointer?, _ slots: UnsafeMutablePointer<UInt64>,
    _ body: (GuestCall) throws(Errno) -> Void
  ) -> Int32 {
    let context = Unmanaged<WASIContext>.fromOpaque(environment!)
    let memory = context._withUnsafeGuaranteedRef { $0.memory }
    do throws(Errno) {
      try body(GuestCall(unmanagedContext: context, slots: slots, memory: memory))
      slots[0] = 0
    } catch {
      context._withUnsafeGuaranteedRef { $0.lastError = error }
      slots[0] = UInt64(WASIErrno(error).rawValue)
    }
    return GuestStatus.finished
  }

  var context: WASIContext { unmanagedContext.takeUnretainedValue() }

  /// The file behind the descriptor at argument 0, if it has `rights`, of which there is at least
  /// one.
  @inline(__always)
  func file(needing rights: Rights) throws(Errno) -> FileDescriptor {
    let number = i32(0)
    let file = unmanagedContext._withUnsafeGuaranteedRef {
      $0.table.pointee.permittedFile(number, needing: rights)
    }
    if let file { return file }
    return try context.table.pointee.file(number, needing: rights)
  }

  /// Room for the stretches of memory of one call, `DataTransfer.maximumBufferCount` of them.
  @inline(__always)
  var bufferRoom: UnsafeMutablePointer<DataBuffer> {
    unmanagedContext._withUnsafeGuaranteedRef { $0.dataBuffers.baseAddress! }
  }

  /// Argument `index` as an i32; a slot's upper half holds anything.
  @inline(__always)
  func i32(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: slots[index]) }

  /// Argument `index` as an i64.
  @inline(__always)
  func i64(_ index: Int) -> UInt64 { slots[index] }

  /// Argument `index` as a set of flags; throws `.invalidArgument` where there are others than
  /// `all`.
  @inline(__always)
  func flags<Flags: OptionSet>(_ index: Int, _ all: Flags) throws(Errno) -> Flags
  where Flags.RawValue == UInt16 {
    // A narrow type's upper bits are not the guest's to use.
    guard i32(index) & ~UInt32(all.rawValue) == 0 else { throw .invalidArgument }
    return Flags(rawValue: UInt16(truncatingIfNeeded: i32(index)))
  }

  /// Argument `index` as a place or length in a file; the kernel counts with a sign.
  @inline(__always)
  func offset(_ index: Int) throws(Errno) -> Int64 {
    guard let offset = Int64(exactly: i64(index)) else { throw .invalidArgument }
    return offset
  }

  /// Guest memory; throws `.badAddress` where any of it lies outside.
  @inline(__always)
  func bytes(at address: UInt32, count: Int) throws(Errno) -> UnsafeMutableRawBufferPointer {
    guard let bytes = memory?.bytes(at: address, count: count) else { throw .badAddress }
    return bytes
  }

  /// Guest memory that a pair of arguments gives: address, length.
  @inline(__always)
  func bytes(_ addressIndex: Int) throws(Errno) -> UnsafeMutableRawBufferPointer {
    try bytes(at: i32(addressIndex), count: Int(i32(addressIndex + 1)))
  }

  /// A place for a result, checked before anything is done that could not be undone.
  @inline(__always)
  func result<Value: FixedWidthInteger>(
    _ index: Int, as type: Value.Type = Value.self
  ) throws(Errno) -> GuestResult<Value> {
    GuestResult(place: try bytes(at: i32(index), count: MemoryLayout<Value>.size).baseAddress!)
  }
}

/// Where a call leaves a result in guest memory.
struct GuestResult<Value: FixedWidthInteger> {
  fileprivate let place: UnsafeMutableRawPointer

  /// Guests need not align their pointers.
  @inline(__always)
  func store(_ value: Value) { place.storeBytes(of: value, as: Value.self) }
}

extension UnsafeMutableRawBufferPointer {
  /// Stores a field of a structure; `offset` is within it.
  @inline(__always)
  func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
    storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  /// Loads a field of a structure; `offset` is within it.
  @inline(__always)
  func field<Value: FixedWidthInteger>(_ type: Value.Type = Value.self, at offset: Int) -> Value {
    loadUnaligned(fromByteOffset: offset, as: Value.self)
  }
}
