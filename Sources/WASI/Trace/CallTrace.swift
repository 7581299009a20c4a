// Telling what a guest asks its host for, call by call or as a table.

internal import CompilerInterface
internal import Synchronization
package import SystemCalls
internal import WasmModule

/// What of a guest's calls is told.
package enum TraceMode: Hashable, Sendable {
  /// A line a call, of those in the families; nil for all of them. A family is what a function's
  /// name begins with, such as `fd` or `path`.
  case lines(families: [String]?)
  /// A table of counts and times, at the end.
  case summary

  /// The families there are.
  package static let families = [
    "args", "environ", "clock", "fd", "path", "poll", "proc", "random", "sched", "sock",
  ]
}

/// The calls of one guest. Lives as long as the store that its functions are linked into. Threads may
/// add functions at the same time; the table counts what they have told until then.
package final class CallTrace {
  let mode: TraceMode
  private let output: FileDescriptor
  private let adding = Mutex(())
  private var functions: [TracedFunction] = []

  package init(_ mode: TraceMode, output: FileDescriptor = .standardError) {
    self.mode = mode
    self.output = output
  }

  /// The same function, told about; itself where nobody wants to know of it.
  func traced(
    _ definition: HostFunctionDefinition, _ context: WASIContext
  ) -> HostFunctionDefinition {
    if case .lines(let families?) = mode {
      let family = definition.name.prefix { $0 != "_" }
      guard families.contains(String(family)) else { return definition }
    }
    let function = TracedFunction(definition, self, context)
    adding.withLock { _ in functions.append(function) }
    var traced = definition
    traced.environment = Unmanaged.passUnretained(function).toOpaque()
    traced.function = { environment, slots in
      Unmanaged<TracedFunction>.fromOpaque(environment!).takeUnretainedValue().call(slots)
    }
    return traced
  }

  /// Writes a line; a standard error that nobody reads is no reason to stop.
  func tell(_ line: String) { try? output.writeLine(line) }

  /// Prints the table, if that is what is wanted.
  package func finish() {
    guard mode == .summary else { return }
    let called = sums().sorted { ($0.nanoseconds, $1.name) > ($1.nanoseconds, $0.name) }
    tell("   calls   errors         ms  function")
    for function in called {
      tell(
        padded("\(function.count)", 8) + padded("\(function.errorCount)", 9)
          + padded(milliseconds(function.nanoseconds), 11) + "  " + function.name)
    }
    tell(
      padded("\(called.reduce(0) { $0 + $1.count })", 8)
        + padded("\(called.reduce(0) { $0 + $1.errorCount })", 9)
        + padded(milliseconds(called.reduce(0) { $0 + $1.nanoseconds }), 11) + "  total")
  }

  /// A function, whichever threads called it.
  private struct Sum {
    let name: String
    var count = 0
    var errorCount = 0
    var nanoseconds: UInt64 = 0
  }

  private func sums() -> [Sum] {
    adding.withLock { _ in
      var sums: [Sum] = []
      for function in functions where function.count > 0 {
        if !sums.contains(where: { $0.name == function.name }) {
          sums.append(Sum(name: function.name))
        }
        let place = sums.firstIndex { $0.name == function.name }!
        sums[place].count += function.count
        sums[place].errorCount += function.errorCount
        sums[place].nanoseconds += function.nanoseconds
      }
      return sums
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }

  private func milliseconds(_ nanoseconds: UInt64) -> String {
    let micro = (nanoseconds + 500) / 1_000
    let rest = String(micro % 1_000)
    return "\(micro / 1_000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }
}

/// A function that is told about, and what came of its calls so far.
final class TracedFunction {
  let name: String
  private(set) var count = 0
  private(set) var errorCount = 0
  private(set) var nanoseconds: UInt64 = 0

  private let function: HostFunctionPointer
  private let environment: UnsafeMutableRawPointer?
  private let hasResult: Bool
  private let format: TraceFormat
  private unowned let trace: CallTrace
  private unowned let context: WASIContext

  init(_ definition: HostFunctionDefinition, _ trace: CallTrace, _ context: WASIContext) {
    name = definition.name
    function = definition.function
    environment = definition.environment
    hasResult = !definition.type.results.isEmpty
    format = TraceFormat(of: definition.name)
    self.trace = trace
    self.context = context
  }

  /// Makes the call. Arguments are read before it, for results take their slots.
  func call(_ slots: UnsafeMutablePointer<UInt64>) -> Int32 {
    let tellsLine = trace.mode != .summary
    let arguments = tellsLine ? format.arguments(slots, context.memory) : TraceFormat.Text()
    let start = (try? Clock.monotonic.now()) ?? 0
    let status = function(environment, slots)
    nanoseconds += ((try? Clock.monotonic.now()) ?? start) - start
    count += 1
    let error = hasResult ? UInt16(truncatingIfNeeded: slots[0]) : 0
    if error != 0 { errorCount += 1 }
    if tellsLine {
      var line = "\(name)(\(arguments.shown))"
      if hasResult {
        line += " = "
        line +=
          error == 0
          ? format.results(arguments.resultAddresses, context.memory) : WASIErrno.name(of: error)
      }
      trace.tell(line)
    }
    return status
  }
}
