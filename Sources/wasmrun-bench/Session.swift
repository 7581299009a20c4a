// One program measured: all of its commands, taking turns, so that a slow spell of the machine hits them
// alike.

import Benchmark
import SystemCalls

/// A command that takes part, and what came of it.
private final class Contender {
  let command: Command
  private(set) var seconds: [Double] = []
  /// Why its times are of no use.
  private(set) var failure: String?

  init(_ command: Command) { self.command = command }

  /// Runs the command once, for `output`, which is what the first run of all printed.
  func run(expecting output: inout [UInt8]?) throws {
    guard failure == nil else { return }
    let run = try command.run()
    failure = run.failure
    guard failure == nil else { return }
    if let expected = output, expected != run.output {
      failure = "it prints something else than the others"
    } else {
      output = run.output
      seconds.append(run.seconds)
    }
  }

  /// Runs another command for it, such as one that compiles.
  func prepare(_ command: Command) throws { failure = try command.run().failure }

  var outcome: Outcome? {
    if let failure { return .failed(failure) }
    return Times(seconds).map { .measured($0) }
  }
}

/// What is measured of each program, and how.
struct Session {
  let ways: [Way]
  let compilers: [Compiler]
  let runs: Int
  /// This program, to be run as a guest's process.
  private let executable: String

  init(ways: [Way], compilers: [Compiler], runs: Int) throws {
    self.ways = ways
    self.compilers = compilers
    self.runs = runs
    guard let path = ProcessEnvironment.executablePath?.text else {
      throw BenchError("/proc is not there, or this program's path is no UTF-8")
    }
    executable = path
  }

  /// A result a compiler. Throws where the program cannot be built, or fails outside of wasmrun.
  func measure(_ program: BenchProgram) throws -> [ProgramResult] {
    let prepared = try PreparedProgram(program, movesGlobals: ways.contains(where: \.movesGlobals))
    var output: [UInt8]?
    let native = prepared.native.map { Contender($0) }
    try native?.run(expecting: &output)
    if let failure = native?.failure {
      throw BenchError("'\(program.name)' fails outside of wasmrun: \(failure)")
    }
    let guests = try contenders(prepared, program.name)
    for _ in 0..<runs {
      try native?.run(expecting: &output)
      for guest in guests { try guest.contender.run(expecting: &output) }
    }
    // The first native run only says what is right.
    let nativeTimes = native?.failure == nil ? Times(Array(native?.seconds.dropFirst() ?? [])) : nil
    return compilers.map { compiler in
      var outcomes: [String: Outcome] = [:]
      for guest in guests where guest.compiler == compiler {
        outcomes[guest.way.name] = guest.contender.outcome
      }
      return ProgramResult(
        suite: program.suite, program: program.name, compiler: compiler, native: nativeTimes,
        outcomes: outcomes)
    }
  }

  private typealias Guest = (compiler: Compiler, way: Way, contender: Contender)

  /// One a compiler and way, its code compiled.
  private func contenders(_ program: PreparedProgram, _ name: String) throws -> [Guest] {
    var guests: [Guest] = []
    for compiler in compilers {
      for way in ways where way.compilers.contains(compiler) {
        guard let guest = program.guest(way, compiler) else { continue }
        let contender = Contender(Command(words: [executable] + guest.words(isMeasured: true)))
        tellError("\(name): \(compiler.rawValue), \(way.name): compiling, and a first run")
        try contender.prepare(Command(words: [executable] + guest.words(isMeasured: false)))
        guests.append((compiler, way, contender))
      }
    }
    return guests
  }
}
