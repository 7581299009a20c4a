// wasmrun-mutate: decodes and validates mutated modules. `packaging/fuzz/mutation` drives it.

import ArgumentParser
import Foundation
import ModuleMutation
import WasmModule

@main
struct MutateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wasmrun-mutate",
    abstract: "Decode and validate modules that are mutated at random.",
    discussion: """
      The same seeds, series and numbers give the same mutants. Exit status: 0 when every mutant was \
      accepted or refused as it should be; 1 when a promise of the decoder or the validator broke.
      """)

  @Argument(help: ArgumentHelp("A folder of modules in the binary format.", valueName: "folder"))
  var folder: String

  @Option(help: ArgumentHelp("Which series: another one, other mutants.", valueName: "n"))
  var series: UInt64 = 1

  @Option(help: ArgumentHelp("The first mutant's number.", valueName: "n"))
  var first: UInt64 = 0

  @Option(help: ArgumentHelp("How many mutants.", valueName: "n"))
  var count: UInt64 = 100_000

  @Option(
    help: ArgumentHelp(
      "Write the mutants there as a script, one a line, with the verdict behind it.",
      valueName: "file"))
  var script: String?

  func validate() throws {
    guard first <= UInt64.max - count else { throw ValidationError("too many mutants") }
  }

  func run() throws {
    let mutator = Mutator(seeds: try seeds())
    var tally = Tally()
    let file = try script.map { try ScriptFile(path: $0) }
    let clock = ContinuousClock()
    for number in first..<first + count {
      let mutant = mutator.mutant(number, series: series)
      let start = clock.now
      let verdict = Verdict(mutant)
      tally.add(verdict, number: number, time: clock.now - start)
      try file?.write(mutant, verdict)
      if case .broken(let what) = verdict { print("mutant \(number): \(what)") }
    }
    try file?.close()
    print(tally.text)
    if tally.broken > 0 { throw ExitCode.failure }
  }

  private func seeds() throws -> [[UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".wasm") }.sorted()
    guard !names.isEmpty else { throw ValidationError("no .wasm files in \(folder)") }
    return try names.map {
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")))
    }
  }
}

/// What came of the mutants.
struct Tally {
  private var accepted = 0
  private var refused = ["malformed": 0, "invalid": 0, "unsupported": 0]
  private(set) var broken = 0
  private var slowest: (number: UInt64, time: Duration) = (0, .zero)

  mutating func add(_ verdict: Verdict, number: UInt64, time: Duration) {
    switch verdict {
    case .accepted: accepted += 1
    case .refused(let error): refused["\(error.kind)", default: 0] += 1
    case .broken: broken += 1
    }
    if time > slowest.time { slowest = (number, time) }
  }

  /// `accepted 1, malformed 2, invalid 3, unsupported 4, broken 0, slowest 12 us (number 5)`.
  var text: String {
    let kinds = ["malformed", "invalid", "unsupported"].map { "\($0) \(refused[$0] ?? 0)" }
    let microseconds = slowest.time.components.attoseconds / 1_000_000_000_000
    return "accepted \(accepted), \(kinds.joined(separator: ", ")), broken \(broken), "
      + "slowest \(slowest.time.components.seconds * 1_000_000 + microseconds) us "
      + "(number \(slowest.number))"
  }
}

/// A script of the specification's kind: `(module binary "…") ;; verdict` in each line.
struct ScriptFile {
  private let handle: FileHandle

  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw ValidationError("cannot write \(path)") }
    self.handle = handle
  }

  func write(_ module: [UInt8], _ verdict: Verdict) throws {
    var line = Array("(module binary \"".utf8)
    line.reserveCapacity(3 * module.count + 100)
    let digits = Array("0123456789abcdef".utf8)
    for byte in module {
      line += [UInt8(ascii: "\\"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    let words =
      switch verdict {
      case .accepted: "accepted"
      case .refused(let error): "\(error.kind): \(error)"
      case .broken(let what): "broken: \(what)"
      }
    line += "\") ;; \(words.split(whereSeparator: \.isNewline).joined(separator: " "))\n".utf8
    try handle.write(contentsOf: line)
  }

  func close() throws { try handle.close() }
}
