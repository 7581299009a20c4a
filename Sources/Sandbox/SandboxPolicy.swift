// What a process may still do once it is locked down: described first, then applied.

package import SystemCalls

/// A lock-down, as data.
package struct SandboxPolicy: Sendable {
  package var resourceLimits: [ResourceLimit] = []
  /// The only places where files can be opened, if the kernel has Landlock.
  package var directories: [DirectoryRule] = []
  /// Every other call ends the process.
  package var systemCalls: [SystemCallGroup] = []
  /// Calls that fail as if the kernel did not have them, for their callers know another way.
  package var missingCalls: [SystemCallRule] = []

  init() {}
}

/// A limit of the kernel's.
package struct ResourceLimit: Sendable {
  package var resource: ProcessResource
  package var value: UInt64

  init(_ resource: ProcessResource, _ value: UInt64) {
    self.resource = resource
    self.value = value
  }
}

/// A directory below which files can be opened.
package struct DirectoryRule: Sendable {
  /// The directory, open; where a policy is only explained, none is.
  package var descriptor: FileDescriptor?
  /// For people.
  package var hostPath: String
  package var isReadOnly: Bool

  package init(descriptor: FileDescriptor? = nil, hostPath: String, isReadOnly: Bool) {
    self.descriptor = descriptor
    self.hostPath = hostPath
    self.isReadOnly = isReadOnly
  }
}

/// What a guest was granted, as far as the kernel has to know.
package struct SandboxGrants: Sendable {
  package var directories: [DirectoryRule] = []
  /// The guest has sockets.
  package var hasSockets = false
  /// The guest can start threads.
  package var hasThreads = false
  /// Descriptors that the process may have open; nil for as many as it may now.
  package var descriptorLimit: UInt64?

  package init() {}
}
