// The measuring part's command line.

import ArgumentParser
import Benchmark
import SystemCalls

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wasmrun-bench",
    abstract: "Measure the ways in which code can reach globals and memory.",
    discussion: """
      Two suites: 'programs' are those of packaging/benchmark/programs in C, 'interpreters' the \
      scripts there, for CPython and QuickJS. Each program is run outside of wasmrun and in each way, \
      taking turns; all must print the same. Times are those of the processor in user mode, the start \
      of the process included. To be run in the repository's folder, with wasmrun-llvm beside this \
      program.

      Exit status: 0 when everything was measured, 1 when something failed or printed a wrong result.
      """)

  @Option(help: ArgumentHelp("Only this suite.", valueName: "name"))
  var suite: [String] = []

  @Option(help: ArgumentHelp("Only this program; repeatable.", valueName: "name"))
  var program: [String] = []

  @Option(
    help: ArgumentHelp("Only this way, beside wasmrun's own; repeatable.", valueName: "name"))
  var way: [String] = []

  @Option(
    help: ArgumentHelp("Only this compiler's code: llvm or baseline.", valueName: "name"))
  var compiler: [String] = []

  @Option(help: "How often each is run.")
  var runs = 5

  @Option(help: ArgumentHelp("Write tables in Markdown.", valueName: "file"))
  var markdown: String?

  @Option(help: ArgumentHelp("Write comma-separated values.", valueName: "file"))
  var csv: String?

  @Option(help: ArgumentHelp("Write a chart.", valueName: "file"))
  var svg: String?

  @Flag(help: "List programs and ways.")
  var list = false

  func validate() throws {
    guard runs > 0 else { throw ValidationError("--runs is above 0") }
    try Self.check("suite", suite, among: BenchProgram.suites)
    try Self.check("way", way, among: Way.all.map(\.name))
    try Self.check("compiler", compiler, among: Compiler.allCases.map(\.rawValue))
  }

  private static func check(_ what: String, _ names: [String], among known: [String]) throws {
    for name in names where !known.contains(name) {
      throw ValidationError(
        "there is no \(what) '\(name)'; there are \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    let all = try BenchProgram.all()
    try Self.check("program", program, among: all.map(\.name))
    if list { return Self.list(all) }
    let programs = all.filter {
      (suite.isEmpty || suite.contains($0.suite)) && (program.isEmpty || program.contains($0.name))
    }
    let ways = Way.all.filter {
      way.isEmpty || way.contains($0.name) || $0.name == Way.standard.name
    }
    let compilers = Compiler.allCases.filter {
      compiler.isEmpty || compiler.contains($0.rawValue)
    }
    for path in [markdown, csv, svg].compactMap(\.self) { try Files.checkWritable(path) }
    try Files.makeFolder(Files.output)
    // Code of this tool's ways stays out of the user's cache.
    try ProcessEnvironment.set(
      "XDG_CACHE_HOME", to: OSString(try Files.absolute(Files.output + "/bench-cache")))
    let session = try Session(ways: ways, compilers: compilers, runs: runs)
    guard try measure(programs, session) else { throw ExitCode.failure }
  }

  /// Measures all, and writes the report after each: what was measured is not lost if the rest fails.
  /// Whether all went well.
  private func measure(_ programs: [BenchProgram], _ session: Session) throws -> Bool {
    var report = Report(ways: session.ways, runs: session.runs)
    var isWell = true
    for program in programs {
      do {
        for result in try session.measure(program) {
          report.add(result)
          for (way, outcome) in result.outcomes.sorted(by: { $0.key < $1.key }) {
            guard case .failed(let why) = outcome else { continue }
            isWell = false
            tellError("\(program.name): \(result.compiler.rawValue), \(way) failed: \(why)")
          }
        }
      } catch let error as BenchError {
        isWell = false
        tellError("\(error)")
      }
      try write(report)
    }
    if markdown == nil { print(report.markdown, terminator: "") }
    return isWell
  }

  private func write(_ report: Report) throws {
    if let markdown { try Files.write(Array(report.markdown.utf8), to: markdown) }
    if let csv { try Files.write(Array(report.csv.utf8), to: csv) }
    if let svg { try Files.write(Array(report.svg.utf8), to: svg) }
  }

  private static func list(_ programs: [BenchProgram]) {
    for program in programs { print("program", program.name, "of the suite", program.suite) }
    for way in Way.all {
      let compilers = way.compilers.map(\.rawValue).joined(separator: ", ")
      print("way \(way.name): \(way.title) (\(compilers)\(way.isUnsafe ? "; unsafe" : ""))")
    }
  }
}
