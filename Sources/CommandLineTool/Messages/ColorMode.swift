// Colour in wasmrun's own messages.

import EventLoop
package import SystemCalls

/// Whether messages have colour.
package enum ColorMode: String, CaseIterable, Sendable {
  /// Where standard error is a terminal that knows colours, and the user has not said otherwise.
  case auto
  case always
  case never

  /// Source: <https://no-color.org>.
  package func isOn(
    _ output: FileDescriptor,
    variable: (OSString) -> OSString? = { ProcessEnvironment.value(of: $0) }
  ) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb" && output.isTerminal
    }
  }

  /// `text`, lines of messages, with the words that begin them in colour.
  package static func colored(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      for (word, style) in [("wasmrun:", "1;31"), ("hint:", "1;36")] where line.hasPrefix(word) {
        return "\u{1B}[\(style)m\(word)\u{1B}[m" + line.dropFirst(word.count)
      }
      return String(line)
    }.joined(separator: "\n")
  }
}

extension FileDescriptor {
  /// Prints messages of wasmrun's own.
  func tell(_ text: String) { tell(text, inColor: ColorMode.auto.isOn(self)) }

  /// The same, where it is known already whether they have colour: a process that is locked down
  /// cannot find out.
  func tell(_ text: String, inColor isColored: Bool) {
    print(isColored ? ColorMode.colored(text) : text)
  }
}
