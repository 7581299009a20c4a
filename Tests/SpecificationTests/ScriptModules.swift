// The modules that a script holds as plain text.

import Foundation

@testable import WasmText

/// The modules of a script.
enum ScriptModules {
  struct TextModule {
    /// Counted from 1.
    var line: Int
    /// Among all modules of the script.
    var place: Int
    var text: [UInt8]
  }

  /// The modules that are plain text, neither binary nor quoted.
  static func textModules(ofFile path: String) throws -> [TextModule] {
    let script = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let tokens = try script.withUnsafeBytes { try Lexer.tokenize($0) }.tokens
    func word(_ place: Int) -> String {
      String(decoding: script[tokens[place].bytes], as: UTF8.self)
    }
    var modules: [TextModule] = []
    var count = 0
    var line = 1
    var lineOffset = 0
    var place = 0
    while place < tokens.count {
      guard tokens[place].kind == .open else {
        place += 1
        continue
      }
      let name = word(place + 1)
      // Modules stand inside of these.
      if name.hasPrefix("assert_") || name == "thread" {
        place += 2
        continue
      }
      let close = Int(tokens[place].extent)
      if name == "module" {
        let isDefinition = word(place + 2) == "definition"
        var inside = place + (isDefinition ? 3 : 2)
        // From behind the last of these words: annotations are not among the tokens.
        let start = tokens[inside - 1].bytes.upperBound
        let rest = script[start...Int(tokens[close].offset)]
        if tokens[inside].kind == .identifier { inside += 1 }
        let kind = word(inside)
        if kind != "instance" {
          let offset = Int(tokens[place].offset)
          line += script[lineOffset..<offset].count { $0 == 0x0A }
          lineOffset = offset
          if kind != "binary", kind != "quote" {
            modules.append(
              TextModule(line: line, place: count, text: Array("(module".utf8) + rest))
          }
          count += 1
        }
      }
      place = close + 1
    }
    return modules
  }
}
