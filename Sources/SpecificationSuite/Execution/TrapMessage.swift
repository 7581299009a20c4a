// The words that scripts use for traps.

import CompilerInterface

extension TrapCode {
  /// Whether a script that expects `message` means this trap.
  ///
  /// Scripts sometimes add to the trap's name (an element's index), and name some traps after the
  /// instruction: `call_indirect` behind a table's end is an "undefined element".
  func isMeant(by message: String) -> Bool {
    if message.hasPrefix(description) { return true }
    return switch self {
    case .tableOutOfBounds: message.hasPrefix("undefined element")
    case .nullReference: message.hasPrefix("null ") && message.hasSuffix(" reference")
    default: false
    }
  }
}
