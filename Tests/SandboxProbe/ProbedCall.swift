// One call: read from a line, made, and told about.

import CSandboxProbe
import CSeccomp
import Glibc
import Sandbox
import SystemCalls

/// A system call to try.
struct ProbedCall {
  private var call = probe_call()
  private var entry = probe_syscall
  private let report: FileDescriptor

  /// What the child does first.
  private final class LockDown {
    let policy: () -> SandboxPolicy
    let report: FileDescriptor

    init(_ policy: @escaping () -> SandboxPolicy, _ report: FileDescriptor) {
      (self.policy, self.report) = (policy, report)
    }

    func apply() {
      do {
        _ = try policy().apply(reportingTo: report, before: "", after: "")
      } catch {
        try? FileDescriptor.standardError.writeLine("\(error)")
        endProcess(status: Int32(probe_lock_down_failed))
      }
    }
  }

  /// Makes the calls that standard input lists.
  static func makeAll(_ policy: @escaping @autoclosure () -> SandboxPolicy) throws {
    // All of them first: a call may move standard input's offset, which the processes share.
    var lines: [String] = []
    while let line = readLine() { lines.append(line) }
    for line in lines {
      let report = try FileDescriptor.memoryFile(named: "report")
      let call = try ProbedCall(line, report: report.descriptor)
      print(call.make(LockDown(policy, report.descriptor)))
    }
    fflush(nil)
  }

  private init(_ line: String, report: FileDescriptor) throws {
    self.report = report
    var words = line.split(separator: " ")[...]
    if words.first == "int80" {
      entry = probe_int80
      words = words.dropFirst()
    }
    let isX32 = words.first == "x32"
    if isX32 { words = words.dropFirst() }
    let name = String(words.popFirst() ?? "")
    call.number = Int64(name) ?? Int64(seccomp_syscall_resolve_name(name))
    if isX32 { call.number |= 0x4000_0000 }
    precondition(call.number >= 0 && words.count <= 6, "bad line: \(line)")
    let arguments = words.map { word in
      // The texts stay for the process's life.
      word.first == "="
        ? Int64(Int(bitPattern: strdup(String(word.dropFirst()))))
        : Int64(word) ?? Int64(bitPattern: UInt64(word.dropFirst(2), radix: 16) ?? 0)
    }
    withUnsafeMutableBytes(of: &call.arguments) { bytes in
      for (index, argument) in arguments.enumerated() {
        bytes.storeBytes(of: argument, toByteOffset: index * 8, as: Int64.self)
      }
    }
  }

  private func make(_ lockDown: LockDown) -> String {
    let unknown = Int64.min
    var result = unknown
    var call = call
    let status = probe_make_call(
      { Unmanaged<LockDown>.fromOpaque($0).takeUnretainedValue().apply() },
      Unmanaged.passUnretained(lockDown).toOpaque(), &call, entry, &result)
    withExtendedLifetime(lockDown) {}
    let signal = status & 0x7F
    if signal == SIGSYS { return "refused \(message)" }
    if signal != 0 { return "killed \(signal)" }
    if status >> 8 == Int32(probe_lock_down_failed) { return "failed" }
    return result == unknown ? "ended" : "returned \(result)"
  }

  /// What the process said before it died.
  private var message: String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = bytes.withUnsafeMutableBytes { try? report.readAll(into: $0, at: 0) }
    return String(decoding: bytes.prefix(count ?? 0), as: UTF8.self)
  }
}
