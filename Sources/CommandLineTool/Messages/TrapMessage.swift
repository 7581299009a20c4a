// A trap as the user sees it: the reason, then who called whom.

import DWARF
import ProgramRunner
import SystemCalls

extension TrapReport {
  /// The report's lines, with an end of line behind the last.
  package func text(modulePath: String) -> String {
    let reason = Diagnostic("'\(modulePath)' trapped", reason)
    let fileName = fileName(ofPath: modulePath)
    // Columns line up, unless a name is as long as C++'s can be.
    let width = min(backtrace.map(\.nameWidth).max() ?? 0, 48)
    var number: UInt64 = 0
    var text = reason.text
    for line in backtrace {
      switch line {
      case .omitted(let count):
        text += "      ... \(count) more\n"
        number += count
      case .function(let name, let offset, let library, let location):
        let digits = String(number)
        text += String(repeating: " ", count: max(0, 5 - digits.utf8.count)) + digits
        text += ": \(escaped(name))"
        if let offset {
          text += String(repeating: " ", count: max(0, width - line.nameWidth))
          text += "  (\(escaped(library ?? fileName))+0x\(String(offset, radix: 16)))"
        }
        if let location { text += " at \(escaped(location.description))" }
        text += "\n"
        number += 1
      }
    }
    if !hasNames { text += "hint: the module has no names for its functions; keep them with -g\n" }
    return text
  }
}

extension TrapReport.Line {
  fileprivate var nameWidth: Int {
    if case .function(let name, _, _, _) = self { escaped(name).count } else { 0 }
  }
}
