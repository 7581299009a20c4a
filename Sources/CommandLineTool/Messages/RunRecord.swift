// One record of a run, for programs that start wasmrun: `--report`.

import DWARF
import ProgramRunner
package import SystemCalls

/// Where the record goes.
package enum ReportTarget: Equatable, Sendable {
  case standardError
  case file(OSString)

  /// `json` is standard error, anything else a file's path. nil for nothing.
  package init?(_ text: OSString) {
    guard !text.isEmpty else { return nil }
    self = text == "json" ? .standardError : .file(text)
  }
}

/// What happened.
struct RunRecord {
  var modulePath: String
  var status: ExitStatus
  var outcome: Outcome
  /// nil where the run did not come so far as to have code.
  var code: CodeOrigin?
  var readyNanoseconds: UInt64?
  var totalNanoseconds: UInt64

  enum Outcome {
    case exited
    case returned(values: [String])
    case trapped(TrapReport)
    case failed(RunnerError)

    var word: String {
      switch self {
      case .exited: "exited"
      case .returned: "returned"
      case .trapped: "trapped"
      case .failed: "failed"
      }
    }
  }

  /// One object on one line.
  var json: String {
    var members = [
      ("v", "1"), ("module", JSONText.string(modulePath)),
      ("outcome", JSONText.string(outcome.word)), ("status", "\(status.code)"),
    ]
    switch outcome {
    case .exited: break
    case .returned(let values):
      members.append(("results", JSONText.array(values.map { JSONText.string($0) })))
    case .trapped(let report): members.append(("trap", Self.object(report)))
    case .failed(let error):
      members.append(
        (
          "error",
          JSONText.object([
            ("what", JSONText.string(error.what)), ("why", JSONText.string(error.why)),
          ])
        ))
    }
    if let code { members.append(("code", Self.object(code))) }
    var times = [("total", "\(totalNanoseconds)")]
    if let readyNanoseconds { times.insert(("ready", "\(readyNanoseconds)"), at: 0) }
    members.append(("nanoseconds", JSONText.object(times)))
    return JSONText.object(members) + "\n"
  }

  /// The record of a run that a signal or its time limit ends, around what only its end tells: see
  /// `EndingRecord`.
  static func aroundEnding(
    modulePath: String, code: CodeOrigin?, readyNanoseconds: UInt64?
  ) -> (before: String, after: String) {
    let before =
      "{"
      + [("v", "1"), ("module", JSONText.string(modulePath))]
      .map { JSONText.string($0) + ":" + $1 + "," }.joined()
    var after = ","
    if let code { after += "\"code\":" + object(code) + "," }
    after += "\"nanoseconds\":{"
    if let readyNanoseconds { after += "\"ready\":\(readyNanoseconds)," }
    return (before, after + "\"total\":")
  }

  private static func object(_ code: CodeOrigin) -> String {
    JSONText.object([
      ("compiler", JSONText.string(code.compiler)), ("cached", "\(code.isCached)"),
    ])
  }

  private static func object(_ report: TrapReport) -> String {
    let frames = report.backtrace.map { line in
      switch line {
      case .omitted(let count): JSONText.object([("omitted", "\(count)")])
      case .function(let name, let offset, let library, let location):
        JSONText.object(
          [
            ("function", JSONText.string(name)), ("library", library.map { JSONText.string($0) }),
            ("offset", offset.map { "\($0)" }),
            ("file", location.map { JSONText.string($0.file) }),
            ("line", location.map { "\($0.line)" }),
            ("column", location?.column.map { "\($0)" }),
          ].compactMap { name, value in value.map { (name, $0) } })
      }
    }
    return JSONText.object([
      ("kind", JSONText.string(report.kind)), ("reason", JSONText.string(report.reason)),
      ("backtrace", JSONText.array(frames)),
    ])
  }
}
