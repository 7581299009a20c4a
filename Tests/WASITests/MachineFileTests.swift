// With the whole machine granted, what acts on the kernel, on devices and on processes stays closed:
// every call is tried, read-only and writable.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite(.serialized) struct MachineFileTests {
  private static func guest(_ kind: GrantKind, guarded: GuardedFolder? = nil) throws -> Guest {
    var preopen = try Preopen.open(hostPath: "/", guestPath: "/", isReadOnly: kind.isReadOnly)
    preopen.guarded = guarded
    var configuration = WASIConfiguration(preopens: [preopen])
    configuration.beneathStrategy = kind.strategy
    return try Guest(configuration)
  }

  /// Files of procfs and sysfs, and magic links that would lead through them.
  private static let paths = [
    "proc", "proc/", "proc/.", "proc/self", "proc/self/mem", "proc/self/maps", "proc/self/exe",
    "proc/self/cwd", "proc/self/cwd/", "proc/self/root", "proc/self/root/", "proc/self/root/etc",
    "proc/self/fd", "proc/self/fd/0", "proc/self/fd/3", "proc/self/fd/3/etc/passwd",
    "proc/self/task", "proc/self/environ", "proc/thread-self/mem", "proc/1/root/etc/passwd",
    "proc/self/root/../etc/passwd", "proc/self/cwd/../etc", "proc/sys/kernel/core_pattern",
    "proc/sysrq-trigger", "proc/kcore", "proc/self/ns/mnt", "proc/self/attr/current",
    "proc/../proc/self/mem", "./proc//self//mem", "sys", "sys/", "sys/kernel", "sys/kernel/",
    "sys/kernel/uevent_seqnum", "sys/power/state", "sys/class", "sys/devices/system/cpu",
    "sys/kernel/../kernel/mm", "sys/fs",
  ]

  @Test(arguments: GrantKind.all)
  func noCallReachesTheKernelsFiles(_ kind: GrantKind) throws {
    let guest = try Self.guest(kind)
    for path in Self.paths {
      // The mount points themselves have a name in the root folder, which is an ordinary one.
      let isTop = path == "proc" || path == "sys"
      for follows in [false, true] {
        for (oflags, rights) in [
          (0, Guest.readRights), (2, Guest.readRights), (0, Guest.writeRights),
          (1, Guest.writeRights), (8, Guest.writeRights), (5, Guest.writeRights),
        ] {
          #expect(
            guest.open(path, follow: follows, oflags: oflags, rights: rights).error != 0, "\(path)")
        }
        if !isTop { #expect(guest.getStatus(path, follow: follows) != 0, "\(path)") }
      }
      let place = guest.path(path)
      let new = guest.path("proc/self/new", at: Guest.otherPathAddress)
      for call: (String, [any Argument]) in [
        ("path_readlink", [3] + place + [0x8000, 100, 64]),
        ("path_unlink_file", [3] + place), ("path_create_directory", [3] + place),
        ("path_rename", [3] + place + [3] + new), ("path_link", [3, 0] + place + [3] + new),
        ("path_symlink", [Guest.otherPathAddress, 4] + [3] + place),
      ] { #expect(guest.call(call.0, call.1) != 0, "\(call.0) \(path)") }
      // Of the root's own names, only their times could be set: not tried on a machine in use.
      guard !isTop else { continue }
      for follow in [0, 1] {
        let times = [3, follow] + place + [UInt64(0), UInt64(0), 0]
        #expect(guest.call("path_filestat_set_times", times) != 0, "\(path)")
      }
    }
    for path in ["proc/self/mem", "proc/self/maps", "sys/kernel"] {
      #expect(guest.open(path).error == Expected.acces, "\(path)")
      #expect(guest.getStatus(path) == Expected.acces, "\(path)")
    }
  }

  /// Links of the guest's folders into these file systems.
  @Test(arguments: GrantKind.all)
  func linksDoNotLeadThere(_ kind: GrantKind) throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(kind)
    let up = String(repeating: "../", count: directory.path.split(separator: "/").count)
    for (name, target) in [
      ("mem", "proc/self/mem"), ("slash", "proc/self/root/"), ("fd", "proc/self/fd/0"),
      ("tty", "dev/tty"),
    ] {
      try directory.descriptor.makeSymbolicLink(name, holding: up + target)
      try directory.descriptor.makeSymbolicLink("absolute-" + name, holding: "/" + target)
      let path = directory.path.dropFirst() + "/"
      for rights in [Guest.readRights, Guest.writeRights] {
        #expect(guest.open(path + name, rights: rights).error != 0)
        #expect(guest.open(path + "absolute-" + name, rights: rights).error != 0)
      }
    }
  }

  private static let harmless: Set = ["null", "zero", "full", "random", "urandom"]

  /// Every device that there is. They are looked at before they are opened: some act on opening.
  @Test(arguments: GrantKind.all)
  func noDeviceOpens(_ kind: GrantKind) throws {
    let guest = try Self.guest(kind)
    let devices = try Self.devices(in: "/dev")
    #expect(devices.count >= 8)
    for device in devices where !Self.harmless.contains(device) {
      let path = "dev/" + device
      for rights in [Guest.readRights, Guest.writeRights] {
        for oflags in [0, 1, 8] {
          #expect(guest.open(path, oflags: oflags, rights: rights).error != 0, "\(path)")
        }
      }
    }
    for device in Self.harmless {
      #expect(guest.open("dev/" + device).error == 0, "\(device)")
    }
    // What is no device there can be used as elsewhere.
    #expect(guest.open("dev", oflags: 2).error == 0)
  }

  /// The same with the folder of devices itself granted.
  @Test(arguments: strategies)
  func noDeviceOpensFromItsOwnFolder(_ strategy: BeneathStrategy) throws {
    var configuration = WASIConfiguration(
      preopens: [try Preopen.open(hostPath: "/dev", guestPath: "/", isReadOnly: true)])
    configuration.beneathStrategy = strategy
    let guest = try Guest(configuration)
    for device in try Self.devices(in: "/dev") where !Self.harmless.contains(device) {
      #expect(guest.open(device).error == Expected.acces, "\(device)")
    }
    #expect(guest.open("null").error == 0)
  }

  /// The paths of devices below a folder, relative to it.
  private static func devices(in folder: String, prefix: String = "") throws -> [String] {
    var found: [String] = []
    let directory = try FileDescriptor.currentDirectory.open(folder, [.readOnly, .directory])
    for name in try entryNames(in: directory.descriptor) {
      switch try directory.descriptor.status(of: name).kind {
      case .characterDevice, .blockDevice: found.append(prefix + name)
      case .directory:
        found += try devices(in: folder + "/" + name, prefix: prefix + name + "/")
      default: break
      }
    }
    return found
  }

  /// A code cache somewhere in it, which no grant of the whole can reach.
  @Test(arguments: strategies)
  func theCodeCacheStaysClosed(_ strategy: BeneathStrategy) throws {
    let directory = try TemporaryDirectory()
    try directory.descriptor.makeDirectory("cache")
    try directory.write("cache/entry", "code")
    let cache = try directory.descriptor.open("cache", [.path, .directory])
    let kind = GrantKind(strategy: strategy, isReadOnly: false)
    let guest = try Self.guest(kind, guarded: try GuardedFolder(cache.descriptor))
    let path = directory.path.dropFirst() + "/cache"
    let before = try Snapshot(directory.descriptor)
    for place in [path, path + "/", path + "/entry", path + "/../cache/entry", "./" + path] {
      for oflags in [0, 1, 2, 8] {
        for rights in [Guest.readRights, Guest.writeRights] {
          let error = guest.open(String(place), oflags: oflags, rights: rights).error
          #expect(error != 0, "\(place) \(oflags)")
        }
      }
      let name = guest.path(String(place))
      let new = guest.path(directory.path.dropFirst() + "/new", at: Guest.otherPathAddress)
      #expect(guest.call("path_rename", [3] + name + [3] + new) != 0, "\(place)")
      #expect(guest.call("path_unlink_file", [3] + name) != 0, "\(place)")
      #expect(guest.call("path_link", [3, 0] + name + [3] + new) != 0, "\(place)")
    }
    #expect(try Snapshot(directory.descriptor) == before)
  }

  @Test func theirFoldersCannotBeGranted() throws {
    for folder in ["/proc", "/proc/self", "/sys", "/sys/kernel"] {
      #expect(throws: Errno.permissionDenied) {
        try Preopen.open(hostPath: folder, guestPath: "/").descriptor.close()
      }
    }
  }
}
