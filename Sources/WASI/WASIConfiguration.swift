// What a guest is given.

package import SystemCalls

/// A directory that the guest finds open from its start.
package struct Preopen: Sendable {
  /// Whoever makes a context of the preopen hands the descriptor to it.
  package var descriptor: FileDescriptor
  /// The guest's name for it, such as `/` or `.`.
  package var guestPath: OSString
  /// Nothing below it can be made, changed or removed through it.
  package var isReadOnly: Bool
  /// A folder below it that stays out of reach.
  package var guarded: GuardedFolder?

  package init(descriptor: FileDescriptor, guestPath: OSString, isReadOnly: Bool = false) {
    self.descriptor = descriptor
    self.guestPath = guestPath
    self.isReadOnly = isReadOnly
  }

  /// Opens a directory of the host's. Throws `.noSuchFileOrDirectory`, `.notDirectory` and what
  /// else open(2) says, and `.permissionDenied` for procfs, sysfs and their like.
  package static func open(
    hostPath: UnsafePointer<CChar>, guestPath: OSString, isReadOnly: Bool = false
  ) throws(Errno) -> Preopen {
    try make(
      FileDescriptor.currentDirectory.open(hostPath, .directory), guestPath: guestPath,
      isReadOnly: isReadOnly)
  }

  /// The same for `path` inside the folder `root` of the host's. Throws `.crossDevice` where it leads
  /// out of that, be it by a symbolic link.
  package static func open(
    _ path: UnsafePointer<CChar>, inside root: UnsafePointer<CChar>, guestPath: OSString,
    isReadOnly: Bool
  ) throws(Errno) -> Preopen {
    let folder = try FileDescriptor.currentDirectory.open(root, .directory)
    return try make(
      folder.descriptor.openBeneath(path, .directory), guestPath: guestPath,
      isReadOnly: isReadOnly)
  }

  private static func make(
    _ directory: consuming OwnedDescriptor, guestPath: OSString, isReadOnly: Bool
  ) throws(Errno) -> Preopen {
    do throws(Errno) {
      try FileSystemGuard.checkFileSystem(
        of: directory.descriptor, try directory.descriptor.status(), knownDevice: nil)
    } catch {
      throw error == .machineFile ? .permissionDenied : error
    }
    // Found out before the lock-down.
    _ = FileSystemGuard.isFullOfDevices(0)
    return Preopen(
      descriptor: directory.take(), guestPath: guestPath, isReadOnly: isReadOnly)
  }
}

/// All that a guest's world consists of. Nothing of the process's own comes in by itself.
package struct WASIConfiguration: Sendable {
  /// The program's name first.
  package var arguments: [OSString]
  /// `NAME=value`.
  package var environment: [OSString]
  /// In the order of their numbers, from 3 on.
  package var preopens: [Preopen]
  /// Sockets that listen, numbered behind the preopens. Whoever makes a context of them hands them
  /// to it.
  package var listeningSockets: [FileDescriptor] = []
  /// Borrowed: they stay open when the guest closes its own.
  package var standardInput: FileDescriptor
  package var standardOutput: FileDescriptor
  package var standardError: FileDescriptor
  /// Descriptors that the guest can have at once.
  package var maximumDescriptorCount: Int
  /// How paths are kept inside their grants; other than the default in tests only.
  package var beneathStrategy: BeneathStrategy?

  package init(
    arguments: [OSString] = [], environment: [OSString] = [], preopens: [Preopen] = [],
    standardInput: FileDescriptor = .standardInput,
    standardOutput: FileDescriptor = .standardOutput,
    standardError: FileDescriptor = .standardError, maximumDescriptorCount: Int = 1 << 20
  ) {
    self.arguments = arguments
    self.environment = environment
    self.preopens = preopens
    self.standardInput = standardInput
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.maximumDescriptorCount = maximumDescriptorCount
  }
}
