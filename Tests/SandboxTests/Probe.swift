// The probe as a program: calls in, what became of them out.

import Foundation
import TestSupport

/// What became of a call that a locked down process made.
enum ProbeResult: Equatable {
  /// The process died of SIGSYS, and said this before.
  case refused(String)
  case returned(Int)
  /// Another signal.
  case killed(Int)
  /// The call does not return, by its nature.
  case ended
  /// The process was not locked down.
  case failed(String)

  init(_ line: Substring) {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] : ""
    switch words.first {
    case "refused": self = .refused(rest)
    case "returned": self = .returned(Int(rest)!)
    case "killed": self = .killed(Int(rest)!)
    case "ended": self = .ended
    default: self = .failed(String(line))
    }
  }

  var isRefused: Bool { if case .refused = self { true } else { false } }
}

/// Tries system calls under a policy.
enum Probe {
  private static let path: String = {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent("sandbox-probe").path
  }()

  /// One result for each of `calls`, which are lines as sandbox-probe reads them.
  static func make(_ calls: [String], policy: [String]) throws -> [ProbeResult] {
    let folder = try TemporaryDirectory()
    try folder.write("in", calls.map { $0 + "\n" }.joined())
    try folder.write("out")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = policy
    // Else Swift's runtime would answer the crashes by programs that the sandbox keeps from ending.
    process.environment = ["SWIFT_BACKTRACE": "enable=no"]
    process.standardInput = try FileHandle(
      forReadingFrom: URL(fileURLWithPath: folder.path + "/in"))
    process.standardOutput = try FileHandle(
      forWritingTo: URL(fileURLWithPath: folder.path + "/out"))
    try process.run()
    process.waitUntilExit()
    let lines = try folder.contents(of: "out").split(separator: "\n")
    guard lines.count == calls.count else { throw ProbeError(lineCount: lines.count) }
    return lines.map { ProbeResult($0) }
  }
}

/// The probe did not answer every call.
struct ProbeError: Error {
  var lineCount: Int
}
