// File systems and devices that no grant opens, for they lead to the machine and not to files.

internal import SystemCalls

/// Looks at what was opened, when it is open: names and links cannot change that any more.
enum FileSystemGuard {
  /// File systems whose files act on the kernel or on processes, by the magic number of statfs(2).
  private static let refusedFileSystems: [Int64] = [
    0x9FA0,  // procfs: proc/self/mem would write to code
    0x6265_6572,  // sysfs
    0x0027_E0EB,  // cgroup
    0x6367_7270,  // cgroup2
    0x6462_6720,  // debugfs
    0x7472_6163,  // tracefs
    0x7363_6673,  // securityfs
    0x6265_6570,  // configfs
    0xCAFE_4A11,  // bpf
    0x4249_4E4D,  // binfmt_misc
    0xDE5E_81E4,  // efivarfs
    0xF97C_FF8C,  // selinuxfs
  ]

  /// Devices that hold no more than a file would: null, zero, full, random, urandom.
  private static let permittedDevices: [UInt32] = [3, 5, 7, 8, 9]
  private static let memoryMajor: UInt32 = 1

  /// Throws `.permissionDenied` where the file system is refused. `knownDevice` is the file system
  /// of a directory that is open and was looked at; what is on the same one needs no second look.
  static func checkFileSystem(
    of file: FileDescriptor, _ status: FileStatus, knownDevice: UInt64?
  ) throws(Errno) {
    if status.device == knownDevice { return }
    if refusedFileSystems.contains(try file.fileSystemMagic()) { throw .permissionDenied }
  }

  /// Throws `.permissionDenied` for a device that is not permitted.
  static func checkDevice(_ status: FileStatus) throws(Errno) {
    switch status.kind {
    case .blockDevice: throw .permissionDenied
    case .characterDevice:
      guard status.deviceNumber.major == memoryMajor,
        permittedDevices.contains(status.deviceNumber.minor)
      else { throw .permissionDenied }
    default: break
    }
  }
}
