// The values of options, each read in one place for both parsers.

package import ProgramRunner
package import SystemCalls
package import WASI

extension DirectoryGrant {
  /// Reads `HOST[::GUEST]`; without a guest's name the folder keeps its own. nil where either is
  /// empty.
  package init?(_ text: OSString, isReadOnly: Bool) {
    let parts = Self.split(text)
    guard !parts.host.isEmpty, !parts.guest.isEmpty else { return nil }
    self.init(
      hostPath: parts.host, guestPath: Self.withoutFinalSlashes(parts.guest),
      isReadOnly: isReadOnly)
  }

  /// Shells complete a folder's name with a slash, with which a guest's C library would find what is
  /// in the folder, but not the folder itself.
  private static func withoutFinalSlashes(_ name: OSString) -> OSString {
    let slash = UInt8(ascii: "/")
    guard let last = name.bytes.lastIndex(where: { $0 != slash }) else { return "/" }
    return OSString(bytes: name.bytes[...last])
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

extension PreloadedLibrary {
  /// Reads `NAME=PATH`; nil where either is empty, or the name is no text.
  package init?(_ text: OSString) {
    guard let equals = text.bytes.firstIndex(of: UInt8(ascii: "=")),
      let name = OSString(bytes: text.bytes[..<equals]).text, !name.isEmpty
    else { return nil }
    let path = OSString(bytes: text.bytes[(equals + 1)...])
    guard !path.isEmpty else { return nil }
    self.init(name: name, path: path)
  }
}

extension ListenAddress {
  /// Reads `ADDRESS:PORT`, an IPv6 address in brackets, or `unix:PATH`; nil where it is neither. Names
  /// are not looked up.
  package init?(_ text: OSString) {
    if text.bytes.starts(with: "unix:".utf8) {
      let path = OSString(bytes: text.bytes.dropFirst(5))
      guard !path.isEmpty else { return nil }
      self = .unix(path: path)
      return
    }
    guard let text = text.text, let colon = text.lastIndex(of: ":"),
      let port = UInt16(digits: text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { return nil }
    } else if host.contains(":") {
      return nil
    }
    let isAddress = host.utf8.allSatisfy { byte in
      byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
        || Character(Unicode.Scalar(byte)).isHexDigit
    }
    guard !host.isEmpty, isAddress else { return nil }
    self = .tcp(host: String(host), port: port)
  }
}

extension FixedWidthInteger {
  /// Decimal digits and nothing else.
  fileprivate init?(digits text: Substring) {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    self.init(text)
  }
}

extension TimeLimit {
  /// Reads a number, which may have a fraction, and ms, s, m or h; s where none is given. nil where it
  /// is no such duration, zero, or longer than 1,000 days.
  package init?(_ text: String) {
    let units: [(suffix: String, nanoseconds: Double)] = [
      ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3_600e9), ("", 1e9),
    ]
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let number = text.dropLast(unit.suffix.count)
    let isPlain = number.utf8.allSatisfy {
      $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    guard isPlain, let value = Double(number) else { return nil }
    let nanoseconds = value * unit.nanoseconds
    guard nanoseconds >= 1, nanoseconds <= 1_000 * 86_400e9 else { return nil }
    self.init(nanoseconds: UInt64(nanoseconds), text: unit.suffix.isEmpty ? text + "s" : text)
  }
}

extension TierUpDelay {
  /// Reads a number of milliseconds up to an hour, or `never`; nil for anything else.
  package init?(_ text: String) {
    if text == "never" {
      self = .never
    } else if let count = Int(digits: text[...]), count <= 3_600_000 {
      self = .milliseconds(UInt32(count))
    } else {
      return nil
    }
  }
}

extension TraceMode {
  /// Reads `all`, `summary`, or families with commas between them; nil where one is not known.
  package init?(_ text: String) {
    switch text {
    case "all": self = .lines(families: nil)
    case "summary": self = .summary
    default:
      let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard names.allSatisfy({ Self.families.contains($0) }) else { return nil }
      self = .lines(families: names)
    }
  }
}

/// A number of things: tables' elements, open files.
package struct ItemCount: Hashable, Sendable {
  package let number: Int

  /// nil where `text` is no decimal number of at least 1.
  package init?(_ text: String) {
    guard let number = Int(digits: text[...]), number > 0 else { return nil }
    self.number = number
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
