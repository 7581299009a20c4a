// Moving a file's data, by libuv's file calls without a loop: they are done when they return.

internal import CUV
package import SystemCalls

/// A stretch of memory to read into or write from. Laid out as `uv_buf_t` and `struct iovec`.
/// Public, because the compiler inlines nothing that is `package` into another module.
public struct DataBuffer {
  public var start: UnsafeMutableRawPointer?
  public var byteCount: Int

  @inline(__always)
  public init(start: UnsafeMutableRawPointer?, byteCount: Int) {
    self.start = start
    self.byteCount = byteCount
  }
}

/// Reading and writing several stretches of memory at once. A short count is no error.
package enum DataTransfer {
  /// Stretches that one call moves at most (the kernel's UIO_MAXIOV).
  package static let maximumBufferCount = 1_024
  /// Stands for the file's own offset, which then moves.
  package static let currentOffset: Int64 = -1

  /// Fills `buffers`, of which there is at least one; 0 at the file's end. The corresponding C
  /// functions are `readv` and `preadv`.
  @inline(__always)
  package static func read(
    _ file: FileDescriptor, into buffers: UnsafeBufferPointer<DataBuffer>,
    at offset: Int64 = currentOffset
  ) throws(Errno) -> Int {
    if let error = FaultInjection.fault(of: .read) { throw error }
    return try counted(
      wasmrun_uv_read(file.rawValue, start(of: buffers), UInt32(buffers.count), offset))
  }

  /// Writes `buffers`, of which there is at least one; says how many bytes. The corresponding C
  /// functions are `writev` and `pwritev`.
  @inline(__always)
  package static func write(
    _ file: FileDescriptor, _ buffers: UnsafeBufferPointer<DataBuffer>,
    at offset: Int64 = currentOffset
  ) throws(Errno) -> Int {
    if let error = FaultInjection.fault(of: .write) { throw error }
    return try counted(
      wasmrun_uv_write(file.rawValue, start(of: buffers), UInt32(buffers.count), offset))
  }

  @inline(__always)
  private static func start(
    of buffers: UnsafeBufferPointer<DataBuffer>
  ) -> UnsafePointer<uv_buf_t> {
    UnsafeRawPointer(buffers.baseAddress!).assumingMemoryBound(to: uv_buf_t.self)
  }

  @inline(__always)
  private static func counted(_ result: Int) throws(Errno) -> Int {
    if result < 0 { throw Errno(rawValue: Int32(truncatingIfNeeded: -result)) }
    return result
  }
}
