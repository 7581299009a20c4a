// With notes, a denied access says where it led and which grant would have allowed it.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct DenialNotesTests {
  /// A grant at `inside`, read-only or not, and what is noted of what `body` does.
  private static func notes(
    isReadOnly: Bool = false, _ body: (Guest) throws -> Void
  ) throws -> (notes: [String], top: String) {
    let directory = try TemporaryDirectory()
    let top = directory.descriptor
    for name in ["inside", "inside/d", "beside"] { try top.makeDirectory(name) }
    for name in ["beside/f", "inside/f"] { try directory.write(name, "content") }
    for (name, target) in [("out", "../beside/f"), ("absolute", "/etc/passwd"), ("in", "f")] {
      try top.makeSymbolicLink("inside/" + name, holding: target)
    }
    let guest = try Guest(
      WASIConfiguration(preopens: [
        try Preopen.open(
          hostPath: directory.path + "/inside", guestPath: "/", isReadOnly: isReadOnly)
      ]))
    final class Notes { var all: [String] = [] }
    let notes = Notes()
    guest.context.denials = DenialNotes { notes.all.append($0) }
    try body(guest)
    return (notes.all, directory.path)
  }

  @Test func aPathThatLeadsOutNamesTheFolderToGrant() throws {
    let (notes, top) = try Self.notes { guest in
      #expect(guest.open("../beside/f").error == Expected.notcapable)
      #expect(
        guest.open("d/../../beside/f", rights: Guest.writeRights).error == Expected.notcapable)
      #expect(guest.open("out").error == Expected.notcapable)
      #expect(guest.getStatus("absolute") == Expected.notcapable)
      #expect(guest.open("../beside", oflags: 2).error == Expected.notcapable)
      #expect(
        guest.call("path_create_directory", [3] + guest.path("../new")) == Expected.notcapable)
    }
    let folder = " outside of its folder ('\(top)/inside');"
    #expect(
      notes == [
        "denied: path_open of '../beside/f': it leads to '\(top)/beside/f',\(folder) --ro-dir "
          + "'\(top)/beside' would grant that place, under that name",
        "denied: path_open of 'd/../../beside/f': it leads to '\(top)/beside/f',\(folder) --dir "
          + "'\(top)/beside' would grant that place, under that name",
        "denied: path_open of 'out': it leads to '\(top)/beside/f',\(folder) --ro-dir "
          + "'\(top)/beside' would grant that place, under that name",
        "denied: path_filestat_get of 'absolute': it leads to '/etc/passwd',\(folder) --ro-dir "
          + "'/etc' would grant that place, under that name",
        "denied: path_open of '../beside': it leads to '\(top)/beside',\(folder) --ro-dir "
          + "'\(top)/beside' would grant that place, under that name",
        "denied: path_create_directory of '../new': it leads to '\(top)/new',\(folder) --dir "
          + "'\(top)' would grant that place, under that name",
      ])
  }

  @Test func theOneOfTwoPathsThatLeadsOutIsTold() throws {
    let (notes, top) = try Self.notes { guest in
      let file = guest.path("f")
      let out = guest.path("../f", at: Guest.otherPathAddress)
      #expect(guest.call("path_rename", [3] + file + [3] + out) == Expected.notcapable)
      #expect(guest.call("path_link", [3, 0] + out + [3] + file) == Expected.notcapable)
    }
    #expect(notes.count == 2)
    #expect(notes[0].hasPrefix("denied: path_rename of '../f': it leads to '\(top)/f'"))
    #expect(notes[1].hasPrefix("denied: path_link of '../f': it leads to '\(top)/f'"))
  }

  @Test func aReadOnlyGrantSaysSo() throws {
    let (notes, top) = try Self.notes(isReadOnly: true) { guest in
      #expect(guest.open("f", rights: Guest.writeRights).error == Expected.rofs)
      #expect(guest.call("path_unlink_file", [3] + guest.path("f")) == Expected.rofs)
      let rights = Guest.readRights | Rights.fdSetTimes.rawValue
      let file = guest.open("f", rights: rights).descriptor
      #expect(
        guest.call("fd_filestat_set_times", file, UInt64(1), UInt64(1), 5) == Expected.rofs)
    }
    #expect(notes.count == 3)
    #expect(
      notes.first
        == "denied: path_open of 'f': it is granted by --ro-dir ('\(top)/inside'); --dir would "
        + "allow changes")
    #expect(
      notes.last?.hasPrefix("denied: fd_filestat_set_times: it is granted by --ro-dir") == true)
  }

  @Test func otherErrorsAndSuccessesAreNotTold() throws {
    let (notes, _) = try Self.notes { guest in
      #expect(guest.open("missing").error == Expected.noent)
      #expect(guest.open("in").error == 0)
      #expect(guest.open("f/x").error == Expected.notdir)
      #expect(guest.call("fd_fdstat_set_rights", 3, UInt64(0), UInt64(0)) == 0)
      // No grant would give back what the guest gave up itself.
      #expect(guest.open("f").error == Expected.notcapable)
    }
    #expect(notes == [])
  }

  @Test func theSameIsToldOnceAndNotForEver() throws {
    let (notes, _) = try Self.notes { guest in
      for _ in 0..<3 { #expect(guest.open("..").error == Expected.notcapable) }
      for number in 0..<500 {
        #expect(guest.open("../\(number)").error == Expected.notcapable)
      }
    }
    #expect(notes.count == 100)
  }

  @Test func whatNoGrantOpensIsTold() throws {
    let guest = try Guest(
      WASIConfiguration(preopens: [
        try Preopen.open(hostPath: "/", guestPath: "/", isReadOnly: true)
      ]))
    final class Notes { var all: [String] = [] }
    let notes = Notes()
    guest.context.denials = DenialNotes { notes.all.append($0) }
    #expect(guest.open("proc/self/mem").error == Expected.acces)
    #expect(guest.open("dev/tty").error == Expected.acces)
    #expect(notes.all.count == 2)
    #expect(notes.all.allSatisfy { $0.contains("kept from programs, whatever is granted") })
  }
}
