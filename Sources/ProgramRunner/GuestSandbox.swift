// The sandbox around a guest: from what it was granted to what its process can still do.

package import Sandbox
import SystemCalls

/// Whether a guest's process is locked down.
package enum SandboxMode: String, CaseIterable, Sendable {
  /// It is, or the guest does not run.
  case strict
  /// It is not.
  case off
}

extension RunOptions {
  /// What the kernel has to know of these grants; no directory in it is open.
  package var sandboxGrants: SandboxGrants {
    var grants = SandboxGrants()
    grants.directories = directories.map {
      DirectoryRule(hostPath: $0.hostPath.description, isReadOnly: $0.isReadOnly)
    }
    grants.hasSockets = !listenAddresses.isEmpty
    grants.hasThreads = allowsThreads
    // The guest's descriptors, a stream for each that is a folder, and our own.
    grants.descriptorLimit = descriptorLimit.map { 2 * UInt64($0) + 64 }
    return grants
  }
}

extension SandboxPolicy {
  /// Locks the calling process down, for ever. What it runs from then on is the guest's.
  func lockDown(_ observer: any RunnerObserver) throws(RunnerError) {
    let applied: Applied
    do throws(LockDownError) {
      applied = try apply(
        reportingTo: .standardError,
        before: "wasmrun: the sandbox ended the program: it made the system call ",
        after: """

          hint: this is a defect of wasmrun, or the program has broken out of WebAssembly; please \
          report it

          """)
    } catch {
      throw RunnerError(
        .failed, "cannot lock the process down", "\(error)",
        hint: "--sandbox=off runs the program without this protection")
    }
    if let version = applied.landlockVersion {
      observer.noteIfWanted("locked down by seccomp and Landlock (version \(version))")
    } else if directories.isEmpty {
      observer.noteIfWanted("locked down by seccomp; this kernel has no Landlock")
    } else {
      observer.warn(
        "this kernel has no Landlock: folders are kept apart by wasmrun alone",
        hint: "a program that breaks out of WebAssembly could open other files")
    }
  }
}
