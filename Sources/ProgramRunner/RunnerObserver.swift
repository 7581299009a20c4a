// What the runner tells while it works.

import SystemCalls

/// Somebody who wants to know. Nothing here may write to the guest's streams but standard error.
package protocol RunnerObserver: AnyObject {
  /// Whether notes are wanted; they are not put together otherwise.
  var wantsNotes: Bool { get }
  /// A fact that explains what happens or how long it took.
  func note(_ text: String)
  /// A fact that the user should know, whether notes are wanted or not.
  func warn(_ text: String, hint: String?)
  /// The module's code is there.
  func codeIsReady(_ origin: CodeOrigin)
  /// LLVM has compiled so many of the module's functions. Called often, from the first moment on;
  /// `elapsedNanoseconds` counts from there.
  func compilation(_ progress: CompilationProgress)
  /// Nothing more is compiled.
  func compilationEnded()
}

extension RunnerObserver {
  package func codeIsReady(_ origin: CodeOrigin) {}

  func noteIfWanted(_ text: @autoclosure () -> String) {
    if wantsNotes { note(text()) }
  }
}

/// Where a run's code came from.
package struct CodeOrigin: Equatable, Sendable {
  /// `llvm` or `baseline`; `precompiled` for code of a precompiled file, whoever made it.
  package var compiler: String
  /// Whether the cache had it.
  package var isCached: Bool

  package init(compiler: String, isCached: Bool) {
    self.compiler = compiler
    self.isCached = isCached
  }

  /// Code that wasmrun-llvm made, or without it the baseline compiler.
  init(_ program: CompilerProgram?, isCached: Bool) {
    self.init(compiler: program == nil ? "baseline" : "llvm", isCached: isCached)
  }
}

/// How far a compilation is.
package struct CompilationProgress: Equatable, Sendable {
  package var doneFunctionCount: Int
  /// 0 until the compiler has told.
  package var functionCount: Int
  package var elapsedNanoseconds: UInt64

  package init(
    doneFunctionCount: Int = 0, functionCount: Int = 0, elapsedNanoseconds: UInt64 = 0
  ) {
    self.doneFunctionCount = doneFunctionCount
    self.functionCount = functionCount
    self.elapsedNanoseconds = elapsedNanoseconds
  }
}

/// A stopwatch for notes.
package struct Stopwatch {
  /// Nanoseconds of the monotonic clock when it was started.
  package let start = Self.now

  package init() {}

  private static var now: UInt64 { (try? Clock.monotonic.now()) ?? 0 }

  package var elapsedNanoseconds: UInt64 { Self.now - start }

  /// The time so far, such as `1.25 ms`.
  var description: String {
    let microseconds = elapsedNanoseconds / 1_000
    let hundredths = (microseconds + 5) / 10 % 100
    return "\((microseconds + 5) / 1_000).\(hundredths < 10 ? "0" : "")\(hundredths) ms"
  }
}
