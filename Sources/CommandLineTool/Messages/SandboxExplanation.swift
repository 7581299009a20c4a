// A sandbox's policy for people, and for programs.

import ProgramRunner
package import Sandbox
import SystemCalls

/// What a policy comes to on this machine.
package struct SandboxExplanation {
  /// nil for a sandbox that is off.
  package var policy: SandboxPolicy?
  /// nil where the kernel has no Landlock that is of use.
  package var landlockVersion: Int32?

  package init(policy: SandboxPolicy?, landlockVersion: Int32?) {
    self.policy = policy
    self.landlockVersion = landlockVersion
  }
}

// MARK: Text.

extension SandboxExplanation {
  package var text: String {
    guard let policy else {
      return "The sandbox is off: the program's process may do whatever its user may.\n"
    }
    var text = """
      Before the program's first instruction its process is locked down, for ever.

      System calls that it can make; any other ends it with SIGSYS (status 159):

      """
    for group in policy.systemCalls {
      text += "  \(group.purpose):\n"
      text += Self.wrapped(group.rules.map(Self.words))
    }
    text += "  unknown to it, as on an older kernel:\n"
    text += Self.wrapped(policy.missingCalls.map(Self.words))
    text += "\n\(filesText(policy))\n"
    for limit in policy.resourceLimits { text += Self.text(limit) }
    if !policy.resourceLimits.contains(where: { $0.resource == .processCount }) {
      text += "It starts no process, but threads.\n"
    }
    text += "No program that it could execute would have more rights than it has.\n"
    return text
  }

  private func filesText(_ policy: SandboxPolicy) -> String {
    guard let landlockVersion else {
      return "This kernel has no Landlock: what files it can open is up to wasmrun alone.\n"
    }
    var text = "Files that it can open, by Landlock (version \(landlockVersion) of its interface):"
    if policy.directories.isEmpty { return text + " none.\n" }
    for rule in policy.directories {
      text +=
        "\n  below \(escaped(rule.hostPath)), \(rule.isReadOnly ? "to read" : "to read and change")"
    }
    return text + "\n"
  }

  private static func text(_ limit: ResourceLimit) -> String {
    switch limit.resource {
    case .coreByteCount: "It leaves no core file.\n"
    case .processCount: "It starts no process and no thread.\n"
    case .descriptorCount: "It has at most \(limit.value) files open.\n"
    }
  }

  /// Such as `mmap (without PROT_EXEC, anonymous)`.
  private static func words(_ rule: SystemCallRule) -> String {
    guard !rule.conditions.isEmpty else { return "\(rule.name)" }
    return "\(rule.name) (\(rule.conditions.map { "\($0.text)" }.joined(separator: ", ")))"
  }

  /// Lines of at most 80 columns.
  private static func wrapped(_ items: [String]) -> String {
    var text = ""
    var line = "   "
    for (index, item) in items.enumerated() {
      let item = " " + item + (index + 1 < items.count ? "," : "")
      if line.utf8.count + item.utf8.count > 80 {
        text += line + "\n"
        line = "   "
      }
      line += item
    }
    return text + line + "\n"
  }
}

// MARK: JSON.

extension SandboxExplanation {
  /// One object on one line.
  package var json: String {
    guard let policy else { return #"{"sandbox":"off"}"# + "\n" }
    let calls = policy.systemCalls.flatMap { group in
      group.rules.map { Self.object($0, purpose: group.purpose) }
    }
    let directories = policy.directories.map {
      #"{"path":\#(JSONText.string($0.hostPath)),"access":"\#($0.isReadOnly ? "read" : "write")"}"#
    }
    let limits = policy.resourceLimits.map { #""\#(Self.name($0.resource))":\#($0.value)"# }
    let landlock = landlockVersion.map { "\($0)" } ?? "null"
    return #"{"sandbox":"strict","landlock":{"version":\#(landlock),"directories":"#
      + "[\(directories.joined(separator: ","))]},"
      + #""seccomp":{"default":"SIGSYS","allowed":[\#(calls.joined(separator: ","))],"#
      + #""missing":[\#(policy.missingCalls.map { JSONText.string("\($0.name)") }.joined(separator: ","))]},"#
      + #""limits":{\#(limits.joined(separator: ","))},"noNewPrivileges":true}"# + "\n"
  }

  private static func object(_ rule: SystemCallRule, purpose: StaticString) -> String {
    let conditions = rule.conditions.map { JSONText.string("\($0.text)") }.joined(separator: ",")
    return
      #"{"call":"\#(rule.name)","if":[\#(conditions)],"for":\#(JSONText.string("\(purpose)"))}"#
  }

  private static func name(_ resource: ProcessResource) -> String {
    switch resource {
    case .coreByteCount: "coreByteCount"
    case .processCount: "processCount"
    case .descriptorCount: "descriptorCount"
    }
  }
}
