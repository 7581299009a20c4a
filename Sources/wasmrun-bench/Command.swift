// A command line, run once, with its time, its output and what it complains of.

import SystemCalls

/// A command. `env` finds it where it is no path.
struct Command {
  var words: [String]

  struct Run {
    /// Seconds of the processor in the command's own code.
    let seconds: Double
    let output: [UInt8]
    /// Why it failed; nil where it ended with status 0.
    let failure: String?
  }

  func run() throws -> Run {
    let (output, errors) = (Files.output + "/output", Files.output + "/errors")
    let end: ChildProcess.End
    let microseconds: Int64
    do throws(Errno) {
      let flags: OpenFlags = [.writeOnly, .create, .truncate]
      let outputFile = try FileDescriptor.currentDirectory.open(output, flags)
      let errorFile = try FileDescriptor.currentDirectory.open(errors, flags)
      let isPath = words[0].contains("/")
      let child = try ChildProcess(
        path: isPath ? words[0] : "/usr/bin/env", arguments: isPath ? Array(words[1...]) : words,
        descriptors: [], standardOutput: outputFile.descriptor,
        standardError: errorFile.descriptor)
      (end, microseconds) = try child.waitForTime()
    } catch {
      throw BenchError("cannot run '\(words[0])': \(error)")
    }
    return Run(
      seconds: Double(microseconds) / 1e6, output: try Files.contents(output),
      failure: end == .exited(0) ? nil : describe(end, try Files.contents(errors)))
  }

  /// How it ended, and the last line of what it said.
  private func describe(_ end: ChildProcess.End, _ errors: [UInt8]) -> String {
    let lines = errors.split { $0 == UInt8(ascii: "\n") }
    let last = lines.last.map { ": " + String(decoding: $0, as: UTF8.self) } ?? ""
    return switch end {
    case .exited(let status): "status \(status)\(last)"
    case .killed(let signal): "signal \(signal)\(last)"
    }
  }
}
