// The functions on paths do what Linux does, within the grant.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

/// Both ways of keeping a path inside must answer alike, so every test runs with both.
let strategies: [BeneathStrategy] = [.kernel, .componentWalk]

@Suite(.serialized) struct PathTests {
  @Test(arguments: strategies)
  func filesAreCreatedOpenedAndTruncated(_ strategy: BeneathStrategy) throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory, strategy: strategy)
    #expect(guest.open("f").error == Expected.noent)
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
    #expect(guest.write("text", to: file) == 0)
    #expect(guest.open("f", oflags: 1 | 4).error == Expected.exist)
    #expect(guest.open("f", oflags: 1 | 2).error == Expected.inval)
    #expect(guest.open("f", oflags: 2).error == Expected.notdir)
    #expect(guest.open("f/").error == Expected.notdir)
    #expect(guest.open("f/x").error == Expected.notdir)
    #expect(guest.open("new/", oflags: 1).error == Expected.isdir)
    #expect(guest.open(".", rights: Guest.writeRights).error == Expected.isdir)
    #expect(guest.open("f", oflags: 16).error == Expected.inval)
    #expect(guest.open("f", fdflags: 32).error == Expected.inval)
    #expect(guest.open("f", oflags: 8, rights: Guest.writeRights).error == 0)
    #expect(try directory.contents(of: "f") == "")
  }

  @Test(arguments: strategies)
  func directoriesAreMadeAndRemoved(_ strategy: BeneathStrategy) throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory, strategy: strategy)
    try directory.write("f")
    let expected: [(name: String, path: String, error: UInt16)] = [
      ("path_create_directory", "d", 0),
      ("path_create_directory", "d", Expected.exist),
      ("path_create_directory", "d/", Expected.exist),
      ("path_create_directory", "d/e///", 0),
      ("path_create_directory", ".", Expected.exist),
      ("path_create_directory", "d/..", Expected.exist),
      ("path_create_directory", "x/y", Expected.noent),
      ("path_create_directory", "f/y", Expected.notdir),
      ("path_unlink_file", "d", Expected.isdir),
      ("path_unlink_file", "d/", Expected.isdir),
      ("path_unlink_file", "d/.", Expected.isdir),
      ("path_unlink_file", "f/", Expected.notdir),
      ("path_unlink_file", "x/", Expected.noent),
      ("path_remove_directory", "d", Expected.notempty),
      ("path_remove_directory", "f", Expected.notdir),
      ("path_remove_directory", "f/", Expected.notdir),
      ("path_remove_directory", "d/.", Expected.inval),
      ("path_remove_directory", "x", Expected.noent),
      ("path_remove_directory", "d/e/", 0),
      ("path_remove_directory", "d", 0),
      ("path_unlink_file", "f", 0),
      ("path_unlink_file", "f", Expected.noent),
    ]
    for step in expected {
      #expect(
        guest.call(step.name, [3] + guest.path(step.path)) == step.error,
        "\(step.name) \(step.path)")
    }
  }

  @Test(arguments: strategies)
  func renamingFollowsLinuxToTheSlash(_ strategy: BeneathStrategy) throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory, strategy: strategy)
    func rename(_ old: String, _ new: String) -> UInt16 {
      guest.call(
        "path_rename",
        [3] + guest.path(old) + [3] + guest.path(new, at: Guest.otherPathAddress))
    }
    try directory.write("f", "f")
    try directory.write("g", "g")
    try directory.descriptor.makeDirectory("d")
    try directory.descriptor.makeDirectory("full")
    try directory.write("full/x")
    #expect(rename("f", "g") == 0)
    #expect(try directory.contents(of: "g") == "f")
    #expect(rename("f", "h") == Expected.noent)
    #expect(rename("g", "h/") == Expected.notdir)
    #expect(rename("g/", "h") == Expected.notdir)
    #expect(rename("g", "d") == Expected.isdir)
    #expect(rename("d", "g") == Expected.notdir)
    #expect(rename("d", "full") == Expected.notempty)
    #expect(rename("d/", "e/") == 0)
    #expect(rename("e", "e/sub") == Expected.inval)
    #expect(rename("full/x", "e/x") == 0)
    #expect(rename("e/.", "y") == 10)
    #expect(rename("e", "..") == Expected.notcapable)
    #expect(rename("e/x", "full") == Expected.isdir)
    #expect(rename("e", "full") == 0)
  }

  @Test(arguments: strategies)
  func linksAreMadeReadAndFollowed(_ strategy: BeneathStrategy) throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory, strategy: strategy)
    func symlink(_ contents: String, _ path: String) -> UInt16 {
      guest.call(
        "path_symlink",
        guest.path(contents, at: Guest.otherPathAddress) + [3] + guest.path(path))
    }
    func link(_ old: String, _ new: String, flags: Int = 0) -> UInt16 {
      guest.call(
        "path_link",
        [3, flags] + guest.path(old) + [3] + guest.path(new, at: Guest.otherPathAddress))
    }
    try directory.write("f", "12345")
    try directory.descriptor.makeDirectory("d")

    #expect(symlink("f", "s") == 0)
    #expect(symlink("f", "s") == Expected.exist)
    #expect(symlink("f", "d/") == Expected.exist)
    #expect(symlink("f", "f/") == Expected.notdir)
    #expect(symlink("f", "new/") == Expected.noent)
    #expect(symlink("/etc", "absolute") == Expected.notcapable)
    #expect(symlink("", "empty") == Expected.noent)
    #expect(guest.getStatus("s") == 0)
    #expect(guest.status.byteCount == 5)
    #expect(guest.status.fileType == 4)
    #expect(guest.getStatus("s", follow: false) == 0)
    #expect(guest.status.fileType == 7)
    #expect(guest.getStatus("s/") == Expected.notdir)
    #expect(guest.open("s").error == 0)
    #expect(guest.open("s", follow: false).error == Expected.loop)

    #expect(guest.call("path_readlink", [3] + guest.path("s") + [0x8000, 3, 64]) == 0)
    #expect(guest.load(64, as: UInt32.self) == 1)
    #expect(symlink("d/../f", "long") == 0)
    #expect(guest.call("path_readlink", [3] + guest.path("long") + [0x8000, 3, 64]) == 0)
    #expect(guest.text(at: 0x8000, count: 3) == "d/.")
    #expect(guest.call("path_readlink", [3] + guest.path("f") + [0x8000, 9, 64]) == Expected.inval)
    #expect(
      guest.call("path_readlink", [3] + guest.path("d/") + [0x8000, 9, 64]) == Expected.inval)
    #expect(
      guest.call("path_readlink", [3] + guest.path("s/") + [0x8000, 9, 64]) == Expected.notdir)

    #expect(link("f", "hard") == 0)
    #expect(guest.getStatus("hard") == 0)
    #expect(guest.status.linkCount == 2)
    #expect(link("f", "hard") == Expected.exist)
    #expect(link("f", "x/") == Expected.noent)
    #expect(link("f", "s/") == Expected.notdir)
    #expect(link("f/", "x") == Expected.notdir)
    #expect(link("d", "x") == Expected.perm)
    #expect(link("d/", "x") == Expected.perm)
    #expect(link("s", "x", flags: 1) == Expected.inval)
    #expect(link("s", "s2") == 0)
    #expect(guest.getStatus("s2", follow: false) == 0)
    #expect(guest.status.fileType == 7)
  }

  @Test(arguments: strategies)
  func timesOfLinksAndTheirTargetsAreSetApart(_ strategy: BeneathStrategy) throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory, strategy: strategy)
    try directory.descriptor.makeDirectory("d")
    try directory.write("d/f")
    try directory.descriptor.makeSymbolicLink("s", holding: "d/f")
    func setTimes(_ path: String, follow: Int, _ time: UInt64) -> UInt16 {
      guest.call(
        "path_filestat_set_times", [3, follow] + guest.path(path) + [UInt64(0), time, 4])
    }
    func time(_ path: String, follow: Bool) -> UInt64 {
      guest.getStatus(path, follow: follow) == 0 ? guest.status.modificationTime : 0
    }
    #expect(setTimes("s", follow: 0, 111) == 0)
    #expect(setTimes("s", follow: 1, 222) == 0)
    #expect(time("s", follow: false) == 111)
    #expect(time("d/f", follow: false) == 222)
    #expect(setTimes("d/", follow: 0, 333) == 0)
    #expect(time("d", follow: true) == 333)
    #expect(setTimes("d/.", follow: 0, 444) == 0)
    #expect(time("d/", follow: true) == 444)
    #expect(setTimes("x", follow: 1, 1) == Expected.noent)
    #expect(
      guest.call("path_filestat_set_times", [3, 2] + guest.path("d") + [UInt64(0), UInt64(0), 4])
        == Expected.inval)
  }

  @Test func whatIsNoPathIsRefused() throws {
    let directory = try TemporaryDirectory()
    let guest = try Guest(directory)
    #expect(guest.open("").error == Expected.noent)
    #expect(guest.open("f\0").error == Expected.inval)
    #expect(guest.open(String(repeating: "x", count: 4_096)).error == Expected.nametoolong)
    #expect(guest.open(String(repeating: "x", count: 256)).error == Expected.nametoolong)
    guest.store([0x66, 0xFF], at: Guest.pathAddress)
    #expect(
      guest.call(
        "path_open", 3, 0, Guest.pathAddress, 2, 0, UInt64(0), UInt64(0), 0, 64) == Expected.ilseq)
    let umlaut = try guest.descriptor("Größe", oflags: 1)
    #expect(umlaut == 4)
    #expect(try directory.descriptor.status(of: "Größe").kind == .regular)
  }

  @Test func statusOfTheOlderPreviewHasNarrowerLinks() throws {
    let directory = try TemporaryDirectory()
    try directory.write("f", "12345")
    try directory.descriptor.link("f", to: directory.descriptor, "g")
    let guest = try Guest(directory, module: "wasi_unstable")
    let inode = try directory.descriptor.status(of: "f").inode
    let file = try guest.descriptor("f")
    for error in [guest.getStatus("f"), guest.call("fd_filestat_get", file, 64)] {
      #expect(error == 0)
      #expect(guest.load(64 + 8, as: UInt64.self) == inode)
      #expect(guest.load(64 + 20, as: UInt32.self) == 2)
      #expect(guest.load(64 + 24, as: UInt64.self) == 5)
    }
  }
}
