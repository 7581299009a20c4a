// File systems and devices that no grant opens, for they lead to the machine and not to files.

internal import SystemCalls

/// Looks at what was opened, when it is open: names and links cannot change that any more.
enum FileSystemGuard {
  /// Whether files of a file system act on the kernel or on processes, by the magic number of
  /// statfs(2).
  private static func isRefused(fileSystem magic: Int64) -> Bool {
    switch magic {
    case 0x9FA0: true  // procfs: proc/self/mem would write to code
    case 0x6265_6572: true  // sysfs
    case 0x0027_E0EB: true  // cgroup
    case 0x6367_7270: true  // cgroup2
    case 0x6462_6720: true  // debugfs
    case 0x7472_6163: true  // tracefs
    case 0x7363_6673: true  // securityfs
    case 0x6265_6570: true  // configfs
    case 0xCAFE_4A11: true  // bpf
    case 0x4249_4E4D: true  // binfmt_misc
    case 0xDE5E_81E4: true  // efivarfs
    case 0xF97C_FF8C: true  // selinuxfs
    default: false
    }
  }

  /// Whether a device holds no more than a file would: null, zero, full, random, urandom.
  private static func isPermitted(device number: (major: UInt32, minor: UInt32)) -> Bool {
    switch number {
    case (1, 3), (1, 5), (1, 7), (1, 8), (1, 9): true
    default: false
    }
  }

  /// The file system of devices; nil where they have none of their own.
  private static let deviceFileSystem: UInt64? = {
    let root = FileDescriptor.currentDirectory
    guard let devices = try? root.status(of: "/dev"), let other = try? root.status(of: "/") else {
      return nil
    }
    return devices.device == other.device ? nil : devices.device
  }()

  /// Whether files of a directory are looked at before they are opened: on opening, a device may act.
  static func isFullOfDevices(_ device: UInt64) -> Bool { device == deviceFileSystem }

  /// Throws `.machineFile` where the file system is refused. `knownDevice` is the file system
  /// of a directory that is open and was looked at; what is on the same one needs no second look.
  static func checkFileSystem(
    of file: FileDescriptor, _ status: FileStatus, knownDevice: UInt64?
  ) throws(Errno) {
    if status.device == knownDevice { return }
    if isRefused(fileSystem: try file.fileSystemMagic()) { throw .machineFile }
  }

  /// Throws `.machineFile` for a device that is not permitted.
  static func checkDevice(_ status: FileStatus) throws(Errno) {
    switch status.kind {
    case .blockDevice: throw .machineFile
    case .characterDevice where !isPermitted(device: status.deviceNumber):
      throw .machineFile
    default: break
    }
  }
}
