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
  /// Writes `text`, all of it if possible: a message, of which there is nobody to tell that it was
  /// lost.
  func print(_ text: String) { try? writeAll(Array(text.utf8)) }

  /// Writes `text`, which a command was asked for: whoever reads it must not take a part for all.
  func answer(_ text: String) throws(RunnerError) { try answer(Array(text.utf8)) }

  func answer(_ bytes: [UInt8]) throws(RunnerError) {
    do throws(Errno) {
      try writeAll(bytes)
    } catch {
      throw RunnerError(.failed, "cannot write to standard output", "\(error)")
    }
  }
}
