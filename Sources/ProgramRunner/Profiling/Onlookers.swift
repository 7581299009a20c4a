// Debuggers and profilers, who want to know what machine code is of which function.

import SystemCalls
import WasmRuntime

/// Those who look at a run's code from outside.
struct Onlookers {
  var profile: ProfileFile?
  /// Whether debuggers are told.
  var debugger = false

  init() {}

  /// Opens what has to be open before the process is locked down.
  init(_ options: RunOptions) throws(RunnerError) {
    profile = try options.profile.map { format throws(RunnerError) in try ProfileFile(format) }
    debugger = options.hasDebugInformation
  }

  /// Tells them of an image; a region's compilers tell of what they make.
  func add(_ module: Module, library: String? = nil) {
    profile?.add(module, library: library)
    guard debugger else { return }
    let labels = FunctionLabels(module, library: library)
    module.addToDebugger { labels[$0] }
  }

  /// Closes what only compilers go on writing: the guest's process has it open no longer.
  func close() { try? profile?.descriptor.close() }
}
