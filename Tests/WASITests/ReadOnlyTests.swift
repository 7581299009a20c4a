// A read-only grant can be read, and nothing else.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct ReadOnlyTests {
  private let directory: TemporaryDirectory
  private let writable: TemporaryDirectory
  /// Descriptor 3 is read-only, 4 is writable.
  private let guest: Guest

  init() throws {
    directory = try TemporaryDirectory()
    writable = try TemporaryDirectory()
    try directory.write("f", "text")
    try directory.descriptor.makeDirectory("d")
    try directory.write("d/g", "text")
    try directory.descriptor.makeSymbolicLink("s", holding: "f")
    guest = try Guest(
      WASIConfiguration(preopens: [
        try Preopen.open(hostPath: directory.path, guestPath: "/ro", isReadOnly: true),
        try Preopen.open(hostPath: writable.path, guestPath: "/rw"),
      ]))
  }

  @Test func filesCanBeReadButNotOpenedForWriting() throws {
    let file = try guest.descriptor("f")
    #expect(guest.read(file) == "text")
    #expect(guest.open("f", rights: Guest.writeRights).error == Expected.rofs)
    #expect(guest.open("f", oflags: 8).error == Expected.rofs)
    #expect(guest.open("new", oflags: 1).error == Expected.rofs)
    #expect(guest.open("f", oflags: 1).error == 0)
    #expect(guest.open("f", oflags: 1 | 4).error == Expected.exist)
    #expect(guest.open("new", oflags: 1 | 4).error == Expected.rofs)
    #expect(guest.open("new").error == Expected.noent)
  }

  @Test func whatIsOpenedThroughItIsReadOnlyToo() throws {
    let folder = try guest.descriptor("d", oflags: 2, rights: Guest.allRights & ~0x40_0141)
    #expect(guest.open("g", in: folder, rights: Guest.writeRights).error == Expected.rofs)
    #expect(guest.open("new", in: folder, oflags: 1).error == Expected.rofs)
    #expect(
      guest.call("path_unlink_file", [folder] + guest.path("g")) == Expected.rofs)
    let rights = Guest.readRights | Rights.fdSetTimes.rawValue
    let file = guest.open("g", in: folder, rights: rights).descriptor
    #expect(
      guest.call("fd_filestat_set_times", file, UInt64(1), UInt64(1), 5) == Expected.rofs)
    #expect(
      guest.call("fd_filestat_set_times", folder, UInt64(1), UInt64(1), 5) == Expected.rofs)
  }

  @Test func namesStayAsTheyAre() throws {
    let f = guest.path("f")
    let new = guest.path("new", at: Guest.otherPathAddress)
    let calls: [(name: String, arguments: [any Argument])] = [
      ("path_create_directory", [3] + new),
      ("path_remove_directory", [3] + guest.path("d", at: 0x5000)),
      ("path_unlink_file", [3] + f),
      ("path_rename", [3] + f + [3] + new),
      ("path_rename", [3] + f + [4] + new),
      ("path_link", [3, 0] + f + [3] + new),
      // From here, a name in the writable grant would open it for writing.
      ("path_link", [3, 0] + f + [4] + new),
      ("path_symlink", f + [3] + new),
      ("path_filestat_set_times", [3, 0] + f + [UInt64(1), UInt64(1), 5]),
      ("path_filestat_set_times", [3, 1] + f + [UInt64(1), UInt64(1), 5]),
    ]
    let before = try directory.descriptor.status(of: "f")
    for call in calls {
      #expect(guest.call(call.name, call.arguments) == Expected.rofs, "\(call.name)")
    }
    try writable.write("h")
    let h = guest.path("h", at: 0x5000)
    #expect(guest.call("path_rename", [4] + h + [3] + new) == Expected.rofs)
    #expect(guest.call("path_link", [4, 0] + h + [3] + new) == Expected.rofs)
    let after = try directory.descriptor.status(of: "f")
    #expect(after.changeTime == before.changeTime && after.linkCount == 1)
    #expect(throws: Errno.noSuchFileOrDirectory) { try writable.descriptor.status(of: "new") }
  }
}
