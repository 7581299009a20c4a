// The host's own folder inside of a grant: no name leads a guest to it.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct GuardedFolderTests {
  /// A grant with `home/cache/own/entry`, whose folder `own` is guarded, and links that lead there.
  private struct World {
    let directory: TemporaryDirectory
    let guest: Guest

    init() throws {
      directory = try TemporaryDirectory()
      let top = directory.descriptor
      for name in ["home", "home/cache", "home/cache/own", "home/other"] {
        try top.makeDirectory(name)
      }
      try directory.write("home/cache/own/entry", "code")
      try directory.write("home/cache/beside", "free")
      try directory.write("file", "mine")
      try top.makeSymbolicLink("to-own", holding: "home/cache/own")
      try top.makeSymbolicLink("to-entry", holding: "home/cache/own/entry")
      try top.makeSymbolicLink("home/up", holding: "../to-own")
      let own = try top.open("home/cache/own", [.path, .directory])
      let guarded = try GuardedFolder(own.descriptor)
      var preopen = try Preopen.open(hostPath: directory.path, guestPath: "/")
      #expect(try guarded.isInside(preopen.descriptor))
      preopen.guarded = guarded
      guest = try Guest(WASIConfiguration(preopens: [preopen]))
    }
  }

  private static let ways = [
    "home/cache/own/entry", "to-entry", "to-own/entry", "home/up/entry", "home/cache/./own/entry",
    "home/other/../cache/own/entry", "home//cache/own//entry", "home/cache/own/../own/entry",
    "home/cache/own/new", "to-own/new", "home/up/../own/entry",
  ]

  @Test(arguments: ways)
  func noPathLeadsThroughIt(path: String) throws {
    let world = try World()
    let guest = world.guest
    let place = guest.path(path)
    let other = guest.path("file", at: Guest.otherPathAddress)
    let fresh = guest.path("fresh", at: 0x5000)
    let isLink = path == "to-entry"
    let calls: [(String, [any Argument])] = [
      ("path_open", [3, 1] + place + [0, Guest.readRights, UInt64(0), 0, 64]),
      ("path_open", [3, 1] + place + [1, Guest.writeRights, UInt64(0), 0, 64]),
      ("path_open", [3, 1] + place + [8, Guest.writeRights, UInt64(0), 0, 64]),
      ("path_filestat_get", [3, 1] + place + [64]),
      ("path_filestat_set_times", [3, 1] + place + [UInt64(1), UInt64(1), 5]),
    ]
    let nameCalls: [(String, [any Argument])] = [
      ("path_unlink_file", [3] + place), ("path_create_directory", [3] + place),
      ("path_remove_directory", [3] + place), ("path_rename", [3] + place + [3] + fresh),
      ("path_rename", [3] + other + [3] + place), ("path_link", [3, 0] + place + [3] + fresh),
      ("path_link", [3, 0] + other + [3] + place), ("path_symlink", other + [3] + place),
      ("path_readlink", [3] + place + [0x8000, 100, 64]),
    ]
    // The link itself is not in the folder.
    for (name, arguments) in isLink ? calls : calls + nameCalls {
      #expect(guest.call(name, arguments) == Expected.acces, "\(name) \(path)")
    }
    #expect(try world.directory.contents(of: "home/cache/own/entry") == "code")
    #expect(throws: Errno.noSuchFileOrDirectory) {
      try world.directory.descriptor.status(of: "home/cache/own/new")
    }
  }

  @Test(arguments: ["home/cache/own", "home/cache", "home"])
  func theWayToItStays(path: String) throws {
    let world = try World()
    let guest = world.guest
    let place = guest.path(path)
    let fresh = guest.path("fresh", at: 0x5000)
    let other = guest.path("home/other", at: Guest.otherPathAddress)
    for suffix in ["", "/"] {
      let place = suffix.isEmpty ? place : guest.path(path + suffix, at: 0x6000)
      #expect(guest.call("path_rename", [3] + place + [3] + fresh) == Expected.acces)
      #expect(guest.call("path_rename", [3] + other + [3] + place) == Expected.acces)
      #expect(guest.call("path_remove_directory", [3] + place) == Expected.acces)
    }
    #expect(try world.directory.contents(of: "home/cache/own/entry") == "code")
  }

  @Test func itsFolderCannotBeOpenedOrListed() throws {
    let world = try World()
    let rights = Rights([.fdReadDirectory, .pathOpen]).rawValue
    for path in ["home/cache/own", "to-own", "home/cache/own/.", "home/cache/own/", "home/up"] {
      #expect(
        world.guest.open(path, oflags: 2, rights: rights).error == Expected.acces,
        "\(path)")
    }
    // Nor from a folder that was opened on the way.
    let cache = try world.guest.descriptor("home/cache", oflags: 2, rights: rights)
    #expect(world.guest.open("own", in: cache).error == Expected.acces)
    #expect(world.guest.open("own/entry", in: cache).error == Expected.acces)
  }

  @Test func theRestIsFree() throws {
    let world = try World()
    let guest = world.guest
    #expect(guest.open("home/cache/beside").error == 0)
    #expect(guest.open("home/other", oflags: 2, rights: Guest.readRights).error == 0)
    let beside = guest.path("home/cache/beside")
    let moved = guest.path("moved", at: 0x5000)
    #expect(guest.call("path_rename", [3] + beside + [3] + moved) == 0)
    #expect(guest.call("path_remove_directory", [3] + guest.path("home/other")) == 0)
  }
}
