// The text format's parser beside wasm-tools': the same modules, byte for byte.

import Foundation
import ModuleMutation
import SpecificationSuite
import TestSupport
import Testing

@testable import WasmText

/// Where the modules come from, and who translates them too.
private struct ComparisonPlace {
  var files: [TestFile]
  var converter: ScriptConverter

  /// What wasm-tools makes of the text at `path`; nil where it refuses it.
  func translate(_ path: String, in folder: String) throws -> [UInt8]? {
    let output = "\(folder)/translated.wasm"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: converter.program)
    process.arguments = ["parse", path, "-o", output]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: output)))
  }
}

private let comparison: ComparisonPlace? = {
  let environment = ProcessInfo.processInfo.environment
  guard let converter = try? ScriptConverter(environment: environment) else { return nil }
  let folders = [
    "core", "custom", "proposals/threads", "proposals/wide-arithmetic",
    "proposals/custom-page-sizes",
  ]
  let files = try? SuiteLocation(environment: environment).files(named: folders)
  return files.map { ComparisonPlace(files: $0, converter: converter) }
}()

/// How many modules are mutated; see `.ci/compare-text`.
private let mutantCount =
  ProcessInfo.processInfo.environment["WASMRUN_TEXT_MUTANTS"].flatMap { Int($0) } ?? 0

/// Needs the suite and wasm-tools, and says so where they are missing.
@Suite(.enabled(if: comparison != nil, "no test suite, or no wasm-tools"))
struct TextComparisonTests {
  /// Modules that are not the same, by file and line, and why.
  private static let differences = [
    // wasm-tools does not take a type in a group of its own for a function without one.
    "core/type-rec.wast:45", "core/type-rec.wast:185", "core/type-rec.wast:197",
    // wasm-tools takes a type that is not final for a function without one.
    "core/gc/type-subtyping.wast:344", "core/gc/type-subtyping.wast:373",
    // wasm-tools encodes a branch hint for an instruction that is no branch.
    "custom/metadata.code.branch_hint/branch_hint.wast:86",
  ]

  @Test func modulesOfTheSuiteAreTheSame() throws {
    let place = try #require(comparison)
    var equal = 0
    var different: [String] = []
    for file in place.files {
      let folder = try TemporaryDirectory()
      _ = try place.converter.convert(file, into: folder.path)
      for module in try ScriptModules.textModules(ofFile: file.path) {
        let url = URL(fileURLWithPath: "\(folder.path)/script.\(module.place).wasm")
        let reference = Self.withoutParameterNames([UInt8](try Data(contentsOf: url)))
        if Self.parse(module.text) == reference {
          equal += 1
        } else {
          different.append("\(file.name):\(module.line)")
        }
      }
    }
    print("text format: \(equal) modules are those of wasm-tools, \(different.count) are not")
    #expect(different.sorted() == Self.differences.sorted())
    #expect(equal > 5_400)
  }

  @Test(arguments: try! FileManager.default.contentsOfDirectory(atPath: Self.fixtures).sorted())
  func fixturesAreTheSame(name: String) throws {
    let place = try #require(comparison)
    let folder = try TemporaryDirectory()
    let reference = try place.translate("\(Self.fixtures)/\(name)", in: folder.path)
    let text = try Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/\(name)"))
    #expect(Self.parse([UInt8](text)) == reference)
    #expect(reference != nil)
  }

  /// Small modules of the suite with one token removed, repeated or replaced: both parsers refuse
  /// them or make the same of them. Where wasm-tools takes more than the specification has, only
  /// that may be the reason: compact imports, and flat instructions inside of folded ones.
  @Test(.enabled(if: mutantCount > 0, "WASMRUN_TEXT_MUTANTS says how many modules to mutate"))
  func mutatedModulesAreTheSame() throws {
    let place = try #require(comparison)
    let texts = try place.files.flatMap { try ScriptModules.textModules(ofFile: $0.path) }
      .map(\.text).filter { $0.count < 4_000 }
    let folder = try TemporaryDirectory()
    var random = SeededGenerator(seed: 1)
    var (accepted, extensions) = (0, 0)
    var different: [String] = []
    for _ in 0..<mutantCount {
      let text = try Self.mutated(try #require(texts.randomElement(using: &random)), &random)
      try Data(text).write(to: URL(fileURLWithPath: "\(folder.path)/mutant.wat"))
      let reference = try place.translate("\(folder.path)/mutant.wat", in: folder.path)
      if reference != nil { accepted += 1 }
      if Self.parse(text) == reference.map(Self.withoutParameterNames) { continue }
      if reference != nil, Self.isExtension(text) {
        extensions += 1
      } else {
        different.append(String(decoding: text, as: UTF8.self))
      }
    }
    print(
      """
      text format: of \(mutantCount) mutated modules wasm-tools takes \(accepted), \(extensions) of \
      them as extensions; not the same are \(different.count)
      """)
    for text in different { print("not the same: \(text)\n") }
    // Room for what `differences` has.
    #expect(different.count <= mutantCount / 1_000)
  }

  private static func isExtension(_ text: [UInt8]) -> Bool {
    let message = text.withUnsafeBytes { text in
      do throws(TextError) {
        _ = try WasmText.module(from: text)
        return ""
      } catch {
        return error.message
      }
    }
    return message == "expected a string, found '('" || message.contains("in parentheses, or ')'")
  }

  private static func mutated(
    _ text: [UInt8], _ random: inout SeededGenerator
  ) throws -> [UInt8] {
    let tokens = try text.withUnsafeBytes { try Lexer.tokenize($0) }.tokens
    // Neither the module's own parentheses nor the end.
    guard let token = tokens.dropFirst(2).dropLast(2).randomElement(using: &random),
      let other = tokens.dropFirst(2).dropLast(2).randomElement(using: &random)
    else { return text }
    let replacement: [UInt8] =
      switch Int.random(in: 0..<3, using: &random) {
      case 0: []
      case 1: Array(text[token.bytes] + [0x20] + text[token.bytes])
      default: Array(text[other.bytes])
      }
    var mutant = text
    mutant.replaceSubrange(token.bytes, with: replacement)
    return mutant
  }

  private static let fixtures =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
    + "/Fixtures/wat"

  private static func parse(_ text: [UInt8]) -> [UInt8]? {
    text.withUnsafeBytes { try? WasmText.module(from: $0) }
  }

  /// A module without what wasm-tools alone puts into its name section, the last one: the names of
  /// the parameters of types (12) and tags (13).
  private static func withoutParameterNames(_ module: [UInt8]) -> [UInt8] {
    let marker: [UInt8] = [4] + Array("name".utf8)
    var position = 8
    while position < module.count {
      let start = position
      position += 1
      let size = unsigned(module, &position)
      let end = position + size
      if module[start] == 0, module[position..<end].starts(with: marker) {
        position += marker.count
        var kept = marker
        while position < end {
          let first = position
          position += 1
          let length = unsigned(module, &position)
          position += length
          if module[first] < 12 { kept += module[first..<position] }
        }
        guard kept.count > marker.count else { return Array(module[..<start] + module[end...]) }
        var section: [UInt8] = [0]
        section.appendSized(kept)
        return Array(module[..<start]) + section + Array(module[end...])
      }
      position = end
    }
    return module
  }

  private static func unsigned(_ bytes: [UInt8], _ position: inout Int) -> Int {
    var value = 0
    var shift = 0
    while true {
      let byte = bytes[position]
      position += 1
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }
}
