// The malformed binary modules of the whole suite: refused, and for the reason that the suite says.

import Foundation
import SpecificationSuite
import TestSupport
import Testing
import WasmModule

/// An `assert_malformed` on a binary module.
private struct MalformedCase: Decodable {
  var line: Int
  var filename: String
  /// The error in the suite's words.
  var text: String
}

private struct MalformedScript: Decodable {
  var cases: [MalformedCase] = []

  private struct Command: Decodable {
    var type: String
    var line: Int
    var filename: String?
    var text: String?
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var module_type: String?
  }

  private enum CodingKeys: CodingKey { case commands }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    for command in try values.decode([Command].self, forKey: .commands)
    where command.type == "assert_malformed" && command.module_type == "binary" {
      cases.append(
        MalformedCase(
          line: command.line, filename: command.filename ?? "", text: command.text ?? ""))
    }
  }
}

/// The whole suite, and who converts it.
private let suite: (files: [TestFile], converter: ScriptConverter)? = {
  let environment = ProcessInfo.processInfo.environment
  let location = SuiteLocation(environment: environment)
  guard let converter = try? ScriptConverter(environment: environment), location.exists,
    let files = try? location.files(named: [location.root])
  else { return nil }
  return (files, converter)
}()

@Suite(.enabled(if: suite != nil, "no test suite, or no wasm-tools"))
struct MalformedBinaryTests {
  /// Where a module breaks two rules and the other one is found first, or where a proposal that this
  /// release does not have calls a rule otherwise.
  private static let otherErrors = [
    (suite: "section size mismatch", own: "END opcode expected"),
    (suite: "malformed limits flags", own: "unexpected end of section or function"),
    (suite: "length out of bounds", own: "unexpected end of section or function"),
    (suite: "malformed import kind", own: "length out of bounds"),
    (suite: "malformed definition type", own: "malformed function type"),
    (suite: "malformed storage type", own: "malformed value type"),
    (suite: "malformed storage type", own: "malformed heap type"),
  ]

  @Test func areRefusedForTheRightReason() throws {
    let suite = try #require(suite)
    var (cases, components, sameWords) = (0, 0, 0)
    for file in suite.files {
      let folder = try TemporaryDirectory()
      // Some of the proposals' files are beyond the converter.
      guard (try? suite.converter.convert(file, into: folder.path)) != nil else { continue }
      let json = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/script.json"))
      for malformed in try JSONDecoder().decode(MalformedScript.self, from: json).cases {
        let url = URL(fileURLWithPath: "\(folder.path)/\(malformed.filename)")
        let error = refusal(of: [UInt8](try Data(contentsOf: url)))
        let place = "\(file.name):\(malformed.line): \(malformed.text)"
        cases += 1
        if error?.message.contains("component") == true {
          components += 1
          #expect(error?.kind == .unsupported, "\(place)")
        } else {
          #expect(error?.kind == .malformed, "\(place): \(String(describing: error))")
          let message = error?.message ?? "accepted"
          if message.hasPrefix(malformed.text) {
            sameWords += 1
          } else {
            let isAnother = Self.otherErrors.contains {
              malformed.text == $0.suite && message.hasPrefix($0.own)
            }
            #expect(isAnother, "\(place): \(message)")
          }
        }
      }
    }
    #expect(cases > 0)
    print(
      "malformed binaries: \(cases) refused, \(components) as components, \(sameWords) in the "
        + "suite's words")
  }

  private func refusal(of bytes: [UInt8]) -> ModuleError? {
    bytes.withUnsafeBytes { bytes in
      do throws(ModuleError) {
        try Module.decode(bytes).validate(bytes: bytes)
        return nil
      } catch {
        return error
      }
    }
  }
}
