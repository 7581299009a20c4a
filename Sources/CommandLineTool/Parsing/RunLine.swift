// A command line that runs a module, understood.

package import ProgramRunner

/// What both parsers make of such a command line.
package struct RunLine: Equatable, Sendable {
  package var options: RunOptions
  package var verbosity = Verbosity.normal
  package var color = ColorMode.auto
  /// Where a record of the run goes; nil for nowhere.
  package var report: ReportTarget?
  /// An option that no longer does anything was given.
  package var usesDeprecatedOption = false

  package init(options: RunOptions) { self.options = options }
}

/// How much wasmrun says.
package enum Verbosity: Sendable {
  /// Errors only.
  case quiet
  case normal
  /// What code runs, where it came from, and times.
  case verbose
}

extension Diagnostic {
  static let sandboxIsOff = Diagnostic(
    "the sandbox is off", "the program's process is not locked down (--sandbox=off)")

  /// Start scripts from before the optimisation was the default may still give the option.
  static let deprecatedOption = Diagnostic(
    "\(RunOption.enablePassParameters.rawValue) is deprecated",
    "it has no effect, for this is the default now",
    hint: "leave it out; \(RunOption.disablePassParameters.rawValue) turns the optimisation off")
}
