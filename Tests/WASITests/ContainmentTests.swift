// Nothing outside of a grant is read, made, changed or removed, by whatever name it is called.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite(.serialized) struct ContainmentTests {
  /// Names that lead out of the grant, for each of which something is outside.
  static let escapes = [
    "../secret", "../secret/", "..", "../", "../.", "/", "/etc/passwd", "/etc", "d/../../secret",
    "d/..//../secret", "up/secret", "up/.", "up/", "up-slash/secret", "to-secret/.",
    "d/out", "absolute", "absolute/", "absolute-folder/secret", "absolute-folder/",
    "chain/secret", "./../secret", "d/./.././../secret",
  ]

  /// Links in the grant that lead out of it.
  private static let links = [
    "up": "..", "up-slash": "../", "to-secret": "../secret", "absolute": "/etc/passwd",
    "absolute-folder": "/etc", "chain": "up-slash", "d/out": "../../secret",
  ]

  /// A grant at `inside`, with `secret` and `folder` beside it.
  private struct World {
    let directory: TemporaryDirectory
    let guest: Guest

    init(_ strategy: BeneathStrategy, isReadOnly: Bool) throws {
      directory = try TemporaryDirectory()
      let top = directory.descriptor
      try directory.write("secret", "top secret")
      try top.makeDirectory("folder")
      try top.makeDirectory("inside")
      try top.makeDirectory("inside/d")
      try directory.write("inside/f", "mine")
      for (name, target) in ContainmentTests.links {
        try top.makeSymbolicLink("inside/\(name)", holding: target)
      }
      var configuration = WASIConfiguration(
        preopens: [
          try Preopen.open(
            hostPath: directory.path + "/inside", guestPath: "/", isReadOnly: isReadOnly)
        ])
      configuration.beneathStrategy = strategy
      guest = try Guest(configuration)
    }

    /// What is outside, as far as a guest could change it.
    func outside() throws -> [String] {
      var found: [String] = []
      var stream = DirectoryStream(try directory.descriptor.open(".", .directory))
      while let entry = try stream.next() {
        let name = String(decoding: entry.name, as: UTF8.self)
        // The names made and removed inside change the grant's own times only.
        guard name != "inside", name != ".." else { continue }
        let status = try directory.descriptor.status(of: name)
        found.append(
          "\(name) \(status.byteCount) \(status.linkCount) \(status.modificationTime)")
      }
      return found.sorted()
    }
  }

  @Test(arguments: strategies, [false, true])
  func noCallReachesOutside(_ strategy: BeneathStrategy, _ isReadOnly: Bool) throws {
    let world = try World(strategy, isReadOnly: isReadOnly)
    let guest = world.guest
    let before = try world.outside()
    let other = guest.path("f", at: Guest.otherPathAddress)
    for escape in Self.escapes {
      // The path's bytes stay in memory; each call names them.
      let path = guest.path(escape)
      let fresh = guest.path("fresh", at: 0x5000)
      let calls: [(name: String, arguments: [any Argument])] = [
        ("path_create_directory", [3] + path),
        ("path_remove_directory", [3] + path),
        ("path_unlink_file", [3] + path),
        ("path_rename", [3] + path + [3] + fresh),
        ("path_rename", [3] + other + [3] + path),
        ("path_link", [3, 0] + path + [3] + fresh),
        ("path_link", [3, 0] + other + [3] + path),
        ("path_symlink", other + [3] + path),
        ("path_filestat_set_times", [3, 1] + path + [UInt64(1), UInt64(1), 5]),
        ("path_filestat_get", [3, 1] + path + [64]),
        ("path_open", [3, 1] + path + [0, Guest.readRights, UInt64(0), 0, 64]),
        ("path_open", [3, 1] + path + [0, Guest.writeRights, UInt64(0), 0, 64]),
        ("path_open", [3, 1] + path + [1, Guest.writeRights, UInt64(0), 0, 64]),
        ("path_open", [3, 1] + path + [8, Guest.writeRights, UInt64(0), 0, 64]),
        ("path_open", [3, 1] + path + [2, Guest.readRights, Guest.allRights, 0, 64]),
      ]
      for call in calls {
        // Calls that do not follow may act on a link itself, which is inside.
        let isLinkItself = Self.links.keys.contains(escape) && !call.name.hasSuffix("_open")
        if isLinkItself, call.name != "path_filestat_get" { continue }
        #expect(guest.call(call.name, call.arguments) != 0, "\(call.name) \(escape)")
      }
    }
    #expect(try world.outside() == before)
    #expect(try world.directory.contents(of: "secret") == "top secret")
  }

  @Test(arguments: strategies)
  func theErrorSaysThatTheGrantDoesNotReachThere(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy, isReadOnly: false)
    for escape in ["..", "../secret", "/etc/passwd", "to-secret", "absolute", "up/secret"] {
      #expect(world.guest.open(escape).error == Expected.notcapable, "\(escape)")
    }
  }

  @Test func aGrantMustBeADirectory() throws {
    let directory = try TemporaryDirectory()
    try directory.write("f")
    #expect(throws: Errno.notDirectory) {
      try Preopen.open(hostPath: directory.path + "/f", guestPath: "/").descriptor.close()
    }
    #expect(throws: Errno.noSuchFileOrDirectory) {
      try Preopen.open(hostPath: directory.path + "/x", guestPath: "/").descriptor.close()
    }
  }
}
