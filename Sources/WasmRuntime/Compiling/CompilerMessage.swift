// What the compiler says on its progress pipe, a line at a time.

package import CompileService
package import SystemCalls

/// A line of the compiler's report.
package enum CompilerMessage: Equatable {
  /// So many of so many functions are compiled.
  case progress(done: Int, total: Int)
  /// The module is wrong.
  case invalid(String)
  /// It has something that the compiler does not have.
  case unsupported(String)
  /// The compiler failed.
  case failed(String)

  /// Reads `progress DONE TOTAL`, or `error` with `invalid`, `unsupported` or `failed` and a message;
  /// anything else is nil.
  package init?(_ line: some StringProtocol) {
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count == 3 else { return nil }
    switch (words[0], words[1]) {
    case ("progress", _):
      guard let done = Int(words[1]), let total = Int(words[2]), done >= 0, total >= done else {
        return nil
      }
      self = .progress(done: done, total: total)
    case ("error", "invalid"): self = .invalid(String(words[2]))
    case ("error", "unsupported"): self = .unsupported(String(words[2]))
    case ("error", "failed"): self = .failed(String(words[2]))
    default: return nil
    }
  }
}

extension CompileFailure {
  /// The line that `CompilerMessage` reads, of the baseline compiler's process.
  package var reportLine: String {
    switch self {
    case .invalid(let message): "error invalid \(message)"
    case .unsupported(let what): "error unsupported the baseline compiler does not have \(what)"
    case .failed(let why): "error failed \(why)"
    }
  }
}

/// Cuts a stream of bytes into lines.
package struct LineSplitter {
  private var rest: [UInt8] = []
  /// Longer lines are cut: whoever writes them is no compiler of ours.
  package static let maximumByteCount = 1 << 16

  /// Takes in `bytes` and hands each line that they complete to `body`, without its end.
  mutating func append(_ bytes: UnsafeRawBufferPointer, _ body: (String) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        finish(body)
      } else if rest.count < Self.maximumByteCount {
        rest.append(byte)
      }
    }
  }

  /// Hands over what is left without an end of line.
  mutating func finish(_ body: (String) -> Void) {
    guard !rest.isEmpty else { return }
    body(String(decoding: rest, as: UTF8.self))
    rest.removeAll(keepingCapacity: true)
  }
}

extension FileDescriptor {
  /// Reads to the end, and hands each line to `take`. `wait` is called before each read; where it
  /// returns false there is nothing to read yet.
  package func readLines(
    waiting wait: () throws(Errno) -> Bool = { true }, _ take: (String) -> Void
  ) throws(Errno) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
    defer { buffer.deallocate() }
    var lines = LineSplitter()
    while true {
      guard try wait() else { continue }
      let count = try read(into: buffer)
      if count == 0 { break }
      lines.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]), take)
    }
    lines.finish(take)
  }
}
