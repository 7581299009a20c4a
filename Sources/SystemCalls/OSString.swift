// Strings as the kernel has them: bytes that are mostly UTF-8, which nobody promises.

/// An argument, an environment variable or a path: any bytes but zero, kept as they are. Whoever
/// shows one to the user takes `description`, and must not take it for anything else.
package struct OSString: Hashable, Sendable {
  package var bytes: [UInt8]

  package init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  package init(_ text: String) { bytes = Array(text.utf8) }

  /// Copies the string at `cString`, which ends before a zero.
  package init(cString: UnsafePointer<CChar>) {
    var end = cString
    while end.pointee != 0 { end += 1 }
    bytes = UnsafeBufferPointer(start: cString, count: end - cString).map(UInt8.init(bitPattern:))
  }

  package var isEmpty: Bool { bytes.isEmpty }

  /// The same as UTF-8; nil where it is none.
  package var text: String? { String(validating: bytes, as: UTF8.self) }

  /// The bytes and a zero behind them, as calls of the kernel take them.
  package var cString: [CChar] { bytes.map(CChar.init(bitPattern:)) + [0] }

  package static func + (left: OSString, right: OSString) -> OSString {
    OSString(bytes: left.bytes + right.bytes)
  }
}

/// Literals only: an interpolation would repair what it puts in.
extension OSString: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}

extension OSString: CustomStringConvertible {
  /// For messages: bytes that are no UTF-8 are replaced.
  package var description: String { String(decoding: bytes, as: UTF8.self) }
}
