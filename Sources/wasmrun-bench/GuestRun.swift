// The measured part: one run of one guest, without the command line's cost.

import Benchmark
import CompilerInterface
import ProgramRunner
import SystemCalls

/// What a child of wasmrun-bench is to run.
struct GuestRun {
  /// The first argument of a child.
  static let word = "guest"
  /// Longer than this no guest runs: code that is wrong may not end.
  private static let limit = TimeLimit(nanoseconds: 600 * 1_000_000_000, text: "10 minutes")

  var way: Way
  var compiler: Compiler
  var module: String
  /// The module with the globals, where there is one.
  var library: String?
  /// The folder that the guest finds as `/bench`.
  var folder: String?
  var arguments: [String]

  /// As a child has it. `isMeasured` says whether its code must have been compiled before.
  func words(isMeasured: Bool) -> [String] {
    [
      Self.word, way.name, compiler.rawValue, isMeasured ? "measure" : "prepare", module,
      library ?? "", folder ?? "",
    ] + arguments
  }

  private var options: RunOptions {
    var options = RunOptions(modulePath: OSString(module))
    options.guestArguments = arguments.map { OSString($0) }
    if let folder {
      options.directories = [
        DirectoryGrant(hostPath: OSString(folder), guestPath: "/bench", isReadOnly: true)
      ]
    }
    if let library {
      options.libraries = [
        PreloadedLibrary(name: MovedGlobals.libraryName, path: OSString(library))
      ]
    }
    options.timeLimit = Self.limit
    options.compilation.strategy = compiler == .llvm ? .llvm : .baseline
    options.compilation.usesCache = true
    options.compilation.measuredCodegen = way.options
    // CPython's code in all ways is more than a user's cache would take.
    options.compilation.cacheByteLimit = 16 << 30
    return options
  }
}

extension GuestRun {
  private init?(_ words: [String]) {
    guard words.count >= 6, let way = Way.named(words[0]),
      let compiler = Compiler(rawValue: words[1])
    else { return nil }
    self.init(
      way: way, compiler: compiler, module: words[3], library: words[4].isEmpty ? nil : words[4],
      folder: words[5].isEmpty ? nil : words[5], arguments: Array(words[6...]))
  }

  /// In the child: runs what `words` say; the status to end with.
  static func run(_ words: [String]) -> Int32 {
    guard let guest = GuestRun(words) else { return tell("wrong words of a child: \(words)") }
    do throws(RunnerError) {
      let observer = GuestObserver(needsCachedCode: words[2] == "measure")
      switch try Runner.run(guest.options, observer: observer) {
      case .exited(let status): return Int32(truncatingIfNeeded: status & 0xFF)
      case .returned: return 0
      case .trapped(let trap): return tell("it trapped: \(trap.reason)")
      }
    } catch {
      return tell("\(error.what): \(error.why)")
    }
  }

  fileprivate static func tell(_ text: String) -> Int32 {
    tellError(text)
    return 70
  }
}

/// Sees to it that nothing is compiled while time is taken.
private final class GuestObserver: RunnerObserver {
  private let needsCachedCode: Bool

  init(needsCachedCode: Bool) { self.needsCachedCode = needsCachedCode }

  let wantsNotes = false
  func note(_ text: String) {}
  func warn(_ text: String, hint: String?) { tellError(text) }
  func compilation(_ progress: CompilationProgress) {}
  func compilationEnded() {}

  func codeIsReady(_ origin: CodeOrigin) {
    guard needsCachedCode, !origin.isCached else { return }
    endProcess(status: GuestRun.tell("its code was compiled once more, so its time is of no use"))
  }
}
