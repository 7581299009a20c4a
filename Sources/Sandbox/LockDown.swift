// Applying a policy. There is no way back.

package import SystemCalls

/// Why a process could not be locked down.
package enum LockDownError: Error, Hashable {
  case resourceLimits(Errno)
  case privileges(Errno)
  case landlock(Errno)
  /// The kernel, or the container around, lets no filter be loaded.
  case seccomp(Errno)
}

extension LockDownError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .resourceLimits(let error): "a resource limit cannot be set: \(error)"
    case .privileges(let error): "privileges cannot be given up: \(error)"
    case .landlock(let error): "Landlock's rules cannot be made: \(error)"
    case .seccomp(let error): "system calls cannot be filtered: \(error)"
    }
  }
}

extension SandboxPolicy {
  /// What could not be had of a policy without being an error.
  package struct Applied: Equatable, Sendable {
    /// The version of Landlock that holds; nil where the kernel has none that is of use.
    package var landlockVersion: Int32?
  }

  /// Makes the policy hold for the calling process, which must have no other thread yet. Violations
  /// are told on `output`, between the two texts. What a lock-down that fails has given up until
  /// then stays given up.
  package func apply(
    reportingTo output: FileDescriptor, before: StaticString, after: StaticString
  ) throws(LockDownError) -> Applied {
    do throws(Errno) {
      for limit in resourceLimits { try CurrentProcess.limit(limit.resource, to: limit.value) }
    } catch {
      throw .resourceLimits(error)
    }
    do throws(Errno) {
      try CurrentProcess.separateReadingFromExecuting()
      try CurrentProcess.forbidNewPrivileges()
    } catch {
      throw .privileges(error)
    }
    let landlockVersion = try restrictFiles()
    do throws(Errno) {
      try CurrentProcess.reportViolations(to: output, before: before, after: after)
      try filterSystemCalls()
    } catch {
      throw .seccomp(error)
    }
    return Applied(landlockVersion: landlockVersion)
  }

  private func restrictFiles() throws(LockDownError) -> Int32? {
    guard let version = LandlockRuleset.version else { return nil }
    do throws(Errno) {
      let ruleset = try LandlockRuleset(version: version)
      for rule in directories {
        guard let directory = rule.descriptor else { continue }
        try ruleset.allow(rule.isReadOnly ? .reading : .readingAndWriting, beneath: directory)
      }
      try ruleset.restrict()
    } catch {
      throw .landlock(error)
    }
    return version
  }

  private func filterSystemCalls() throws(Errno) {
    let filter = try SeccompFilter.make()
    for group in systemCalls {
      for rule in group.rules { try filter.allow(rule) }
    }
    for rule in missingCalls { try filter.hide(rule) }
    try filter.load()
  }
}
