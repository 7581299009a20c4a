// A path that a guest gave, and how it is taken apart.

internal import SystemCalls

/// Room for one path: the host's copy, so that nothing the guest does meanwhile changes it.
struct GuestPath: ~Copyable {
  /// Bytes of a path with its final zero (PATH_MAX).
  static let capacity = 4_096

  private let bytes: UnsafeMutablePointer<UInt8>
  private var count = 0
  /// Where `split` put a zero in a slash's place.
  private var splitPlace: Int?

  init() { bytes = .allocate(capacity: Self.capacity) }

  deinit { bytes.deallocate() }

  /// Takes a copy. Throws `.illegalByteSequence` where it is no UTF-8, `.invalidArgument` where it
  /// holds a zero, `.outsideOfGrant` where it is absolute.
  mutating func load(_ path: UnsafeRawBufferPointer) throws(Errno) {
    guard path.count < Self.capacity else { throw .nameTooLong }
    guard !path.isEmpty else { throw .noSuchFileOrDirectory }
    UnsafeMutableRawPointer(bytes).copyMemory(from: path.baseAddress!, byteCount: path.count)
    count = path.count
    bytes[count] = 0
    splitPlace = nil
    try GuestText.check(UnsafeRawBufferPointer(start: bytes, count: count))
    if bytes[0] == Self.slash { throw .outsideOfGrant }
  }

  /// The whole path, with a final zero.
  var whole: UnsafePointer<CChar> { pointer(0) }

  /// Whether a directory is meant by a slash at the end.
  var endsWithSlash: Bool { bytes[count - 1] == Self.slash }

  /// The path's last name and the path of the directory that holds it.
  struct Parts {
    /// nil for the directory that the path is relative to.
    var parent: UnsafePointer<CChar>?
    /// Never `.` or `..`, no slash in it.
    var leaf: UnsafePointer<CChar>
  }

  /// Takes the path apart; nil where it ends in `.` or `..`, which name no entry of a directory.
  /// Slashes at the end are dropped. `whole` is not to be used until `join`.
  mutating func split() -> Parts? {
    var end = count
    while end > 0, bytes[end - 1] == Self.slash { end -= 1 }
    var start = end
    while start > 0, bytes[start - 1] != Self.slash { start -= 1 }
    let isDots = (start..<end).allSatisfy { bytes[$0] == Self.dot }
    if isDots, end - start <= 2 { return nil }
    bytes[end] = 0
    guard start > 0 else { return Parts(parent: nil, leaf: pointer(0)) }
    bytes[start - 1] = 0
    splitPlace = start - 1
    return Parts(parent: pointer(0), leaf: pointer(start))
  }

  /// Undoes `split`, except that slashes at the end stay dropped.
  mutating func join() {
    if let splitPlace { bytes[splitPlace] = Self.slash }
    splitPlace = nil
  }

  private func pointer(_ offset: Int) -> UnsafePointer<CChar> {
    UnsafeRawPointer(bytes + offset).assumingMemoryBound(to: CChar.self)
  }

  private static let slash = UInt8(ascii: "/")
  private static let dot = UInt8(ascii: ".")
}

/// Text that a guest gave.
enum GuestText {
  /// Throws `.illegalByteSequence` where `bytes` are no UTF-8, `.invalidArgument` where they hold a
  /// zero, which would end them early on the host.
  static func check(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
    var isASCII = true
    for byte in bytes {
      if byte == 0 { throw .invalidArgument }
      if byte >= 0x80 { isASCII = false }
    }
    if isASCII { return }
    let typed = bytes.assumingMemoryBound(to: UInt8.self)
    guard (try? UTF8Span(validating: typed.span)) != nil else { throw .illegalByteSequence }
  }
}
