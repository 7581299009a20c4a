// Messages of wasmrun's own: one form, on standard error, safe to show on a terminal.

import ProgramRunner
import SystemCalls

/// Something to tell the user: `wasmrun: what: why`, and a `hint:` below it.
package struct Diagnostic: Equatable, Sendable {
  package var what: String
  package var why: String?
  package var hint: String?

  package init(_ what: String, _ why: String? = nil, hint: String? = nil) {
    self.what = what
    self.why = why
    self.hint = hint
  }

  init(_ error: RunnerError) { self.init(error.what, error.why, hint: error.hint) }

  /// The lines, with an end of line behind the last.
  package var text: String {
    var text = "wasmrun: \(escaped(what))"
    if let why { text += ": \(escaped(why))" }
    text += "\n"
    if let hint { text += "hint: \(escaped(hint))\n" }
    return text
  }
}

/// What stands behind a path's last slash.
func fileName(ofPath path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

extension FileDescriptor {
  /// Writes `text`, all of it if possible: there is nobody to tell of an error.
  func print(_ text: String) {
    var text = text
    text.withUTF8 { try? writeAll(UnsafeRawBufferPointer($0)) }
  }
}
