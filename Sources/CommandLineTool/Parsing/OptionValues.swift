// The values of options, each read in one place for both parsers.

package import Engine
package import SystemCalls

extension DirectoryGrant {
  /// Reads `HOST[::GUEST]`; without a guest's name the folder keeps its own. nil where either is
  /// empty.
  package init?(_ text: OSString, isReadOnly: Bool) {
    let parts = Self.split(text)
    guard !parts.host.isEmpty, !parts.guest.isEmpty else { return nil }
    self.init(hostPath: parts.host, guestPath: parts.guest, isReadOnly: isReadOnly)
  }

  /// At the first `::`: a guest's name may hold more of them.
  private static func split(_ text: OSString) -> (host: OSString, guest: OSString) {
    let bytes = text.bytes
    let colon = UInt8(ascii: ":")
    guard bytes.count > 1,
      let place = bytes.indices.dropLast().first(where: {
        bytes[$0] == colon && bytes[$0 + 1] == colon
      })
    else { return (text, text) }
    return (
      OSString(bytes: bytes[..<place]), OSString(bytes: bytes[(place + 2)...])
    )
  }
}

extension EnvironmentGrant {
  /// Reads `NAME=VALUE` or, to pass the host's value on, `NAME`. nil where the name is empty.
  package init?(_ text: OSString) {
    let bytes = text.bytes
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else {
      guard !text.isEmpty else { return nil }
      self = .inherit(name: text)
      return
    }
    guard equals != bytes.startIndex else { return nil }
    self = .set(
      name: OSString(bytes: bytes[..<equals]), value: OSString(bytes: bytes[(equals + 1)...]))
  }
}

/// A number of bytes on the command line: digits, and K, M, G or T for powers of 1024.
package struct ByteCount: Hashable, Sendable {
  package let bytes: UInt64

  /// nil where `text` is no such number, 0, or beyond 2^62.
  package init?(_ text: String) {
    let suffixes: [Character: UInt64] = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = text.last.flatMap { suffixes[$0] }
    let digits = shift == nil ? text[...] : text.dropLast()
    guard let first = digits.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
      let number = UInt64(digits), number > 0
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (shift ?? 0))
    guard !overflow, bytes <= 1 << 62 else { return nil }
    self.bytes = bytes
  }
}

/// The guest's stack on the command line.
package struct StackSize: Hashable, Sendable {
  package let byteCount: Int

  /// Host functions need some of a stack for themselves, so it cannot be smaller than 1 MiB.
  package static let range: ClosedRange<UInt64> = 1 << 20...1 << 36

  /// nil where `text` is no number of bytes in the range.
  package init?(_ text: String) {
    guard let count = ByteCount(text)?.bytes, Self.range.contains(count) else { return nil }
    byteCount = Int(count)
  }
}

/// How much work LLVM puts into optimising.
package struct OptimizationLevel: Hashable, Sendable {
  package let number: Int

  package static let range = 1...3

  package init?(_ text: String) {
    guard text.utf8.count == 1, let number = Int(text), Self.range.contains(number) else {
      return nil
    }
    self.number = number
  }
}
