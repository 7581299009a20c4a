// What went wrong in other runtimes' WASI, as published: each advisory has a test here, named in it.
// Most of it is covered more widely elsewhere; these stay, so that none of it can come to us.

import Foundation
import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite(.serialized) struct AdvisoryTests {
  /// A folder with `secret` and the granted folders `rw` and `ro`, at descriptors 3 and 4.
  private struct World {
    let directory: TemporaryDirectory
    let guest: Guest

    init(_ strategy: BeneathStrategy) throws {
      directory = try TemporaryDirectory()
      let top = directory.descriptor
      for name in ["rw", "ro", "rw/d", "ro/d", "outside"] { try top.makeDirectory(name) }
      for name in ["secret", "rw/f", "ro/f", "ro/d/g", "outside/f"] {
        try directory.write(name, "content")
      }
      var configuration = WASIConfiguration(preopens: [
        try Preopen.open(hostPath: directory.path + "/rw", guestPath: "/rw"),
        try Preopen.open(hostPath: directory.path + "/ro", guestPath: "/ro", isReadOnly: true),
      ])
      configuration.beneathStrategy = strategy
      guest = try Guest(configuration)
    }

    /// Whether anything but `rw` has changed since `snapshot`.
    func others() throws -> Snapshot { try Snapshot(directory.descriptor, except: "rw") }
  }

  /// A path, or a link's target, that ends in a slash left the sandbox.
  @Test("GHSA-vqjp-4c8c-hfgg, RUSTSEC-2026-0269 (wasmtime)", arguments: strategies)
  func slashesAtTheEndDoNotLeadOut(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    let top = world.directory.descriptor
    let before = try world.others()
    for (name, target) in [
      ("a", "../outside/"), ("b", "../secret/"), ("c", "../"), ("e", "d/../../"), ("g", "a/"),
    ] {
      try top.makeSymbolicLink("rw/" + name, holding: target)
      // The guest may make such links itself.
      let contents = guest.path(target, at: Guest.otherPathAddress)
      #expect(guest.call("path_symlink", contents + [3] + guest.path("own-" + name)) == 0)
      for link in [name, "own-" + name] {
        for suffix in ["/", "//", "/.", "/f", "/.//f", "/../outside/f", "/new"] {
          let path = link + suffix
          #expect(guest.open(path).error != 0, "\(path)")
          #expect(guest.open(path, oflags: 1, rights: Guest.writeRights).error != 0, "\(path)")
          #expect(guest.open(path, oflags: 2).error != 0, "\(path)")
          #expect(guest.getStatus(path) != 0, "\(path)")
          let place = guest.path(path)
          let file = guest.path("f", at: 0x5000)
          for call: (String, [any Argument]) in [
            ("path_create_directory", [3] + place), ("path_remove_directory", [3] + place),
            ("path_unlink_file", [3] + place), ("path_rename", [3] + file + [3] + place),
            ("path_link", [3, 0] + file + [3] + place), ("path_symlink", file + [3] + place),
            ("path_filestat_set_times", [3, 1] + place + [UInt64(1), UInt64(1), 5]),
          ] { #expect(guest.call(call.0, call.1) != 0, "\(call.0) \(path)") }
        }
      }
    }
    #expect(try world.others() == before)
  }

  /// A file of a read-only folder was given a name in a writable one, and then written to.
  @Test("GHSA-4ch3-9j33-3pmj, RUSTSEC-2026-0188 (wasmtime)", arguments: strategies)
  func nothingMovesOutOfAReadOnlyGrant(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    let before = try world.others()
    for path in ["f", "d", "d/g", "d/../f", "d/", "./f"] {
      let old = guest.path(path)
      for (target, directory) in [("new", 3), ("d/new", 3), ("f", 3), ("new", 4)] {
        let new = guest.path(target, at: Guest.otherPathAddress)
        #expect(guest.call("path_link", [4, 0] + old + [directory] + new) == Expected.rofs)
        #expect(guest.call("path_rename", [4] + old + [directory] + new) == Expected.rofs)
        #expect(guest.call("path_link", [3, 0] + new + [4] + old) == Expected.rofs)
        #expect(guest.call("path_rename", [3] + new + [4] + old) == Expected.rofs)
      }
    }
    // Nor from a folder that was opened through it.
    let folder = try guest.descriptor("d", in: 4, oflags: 2, rights: Guest.allRights & ~0x40_0141)
    let old = guest.path("g")
    let new = guest.path("new", at: Guest.otherPathAddress)
    #expect(guest.call("path_link", [folder, 0] + old + [3] + new) == Expected.rofs)
    #expect(guest.call("path_rename", [folder] + old + [3] + new) == Expected.rofs)
    #expect(try world.others() == before)
  }

  /// Truncating by opening took no right to write.
  @Test("GHSA-2r75-cxrj-cmph (wasmtime)", arguments: strategies)
  func truncatingNeedsTheRightTo(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    let before = try world.others()
    for oflags in [8, 9, 12, 13] {
      for rights in [Guest.readRights, Guest.writeRights, 0] {
        #expect(guest.open("f", in: 4, oflags: oflags, rights: rights).error != 0)
      }
    }
    #expect(try world.others() == before)
    // A descriptor from which the right was taken, or that was opened without it.
    let withoutSize =
      DescriptorKind.directory.applicableRights.subtracting(.pathSetSize).rawValue
    #expect(guest.call("fd_fdstat_set_rights", 3, withoutSize, Guest.allRights) == 0)
    #expect(
      guest.open("f", oflags: 8, rights: Guest.writeRights).error == Expected.notcapable)
    #expect(try world.directory.contents(of: "rw/f") == "content")
  }

  /// fd_renumber brought the host down.
  @Test("CVE-2025-53901 (wasmtime)")
  func renumberingAnythingToAnythingIsAnswered() throws {
    let world = try World(.kernel)
    let guest = world.guest
    let file = try guest.descriptor("f")
    for from in [file, 3, 4, 0, 1, 99, -1, Int(Int32.max)] {
      for to in [file, 3, 4, 0, 2, 99, -1, Int(Int32.max)] {
        #expect([0, Expected.badf].contains(guest.call("fd_renumber", from, to)))
      }
    }
    // What is left of them is usable or closed.
    for number in 0...6 {
      #expect([0, Expected.badf].contains(guest.call("fd_fdstat_get", number, 64)))
    }
  }

  /// What fd_renumber replaced stayed open for ever.
  @Test("GHSA-3p27-qvp9-27qf (wasmtime)")
  func renumberingClosesWhatItReplaces() throws {
    let world = try World(.kernel)
    let guest = world.guest
    let first = try guest.descriptor("f")
    let before = try openDescriptorCount(below: world.directory.path)
    for _ in 0..<1_000 {
      let next = try guest.descriptor("f")
      #expect(guest.call("fd_renumber", next, first) == 0)
    }
    #expect(try openDescriptorCount(below: world.directory.path) == before)
  }

  /// Names of devices opened devices, whatever folder they were in; Linux has its magic links.
  @Test("CVE-2024-51745 (wasmtime)", arguments: strategies)
  func noNameIsADevice(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    for name in ["CON", "NUL", "COM1", "COM¹", "LPT0", "stdin", "stdout", "null"] {
      #expect(world.guest.open(name).error == Expected.noent, "\(name)")
    }
    try world.directory.descriptor.makeSymbolicLink("rw/input", holding: "/dev/stdin")
    try world.directory.descriptor.makeSymbolicLink("rw/self", holding: "/proc/self/fd")
    for path in ["input", "self", "self/0", "self/../fd/3"] {
      #expect(world.guest.open(path).error == Expected.notcapable, "\(path)")
    }
  }

  /// A guest's numbers made the host allocate: sizes of random_get, of lists, of streams.
  @Test("GHSA-852m-cvvp-9p4w, GHSA-243v-98vx-264h, GHSA-x84v-gj2h-g759 (wasmtime)")
  func theHostAllocatesNothingByAGuestsNumbers() throws {
    let world = try World(.kernel)
    let guest = world.guest
    let file = try guest.descriptor("f", rights: Guest.writeRights)
    let before = try Self.residentMemory()
    for _ in 0..<100 {
      for length in [0x7FFF_FFFF, 0xFFFF_FFFF] {
        #expect(guest.call("random_get", 0, length) == Expected.fault)
        #expect(guest.call("fd_write", file, 128, length, 64) == Expected.fault)
        #expect(guest.call("poll_oneoff", 0, 0, length, 64) == Expected.fault)
        #expect(guest.call("fd_readdir", 3, 0, length, UInt64(0), 64) == Expected.fault)
        #expect(guest.call("path_open", [3, 0, 0, length, 0, UInt64(0), UInt64(0), 0, 64]) != 0)
      }
      // As many as fit into memory: a path beyond what there can be, a hundred thousand buffers.
      #expect(
        guest.call("path_open", [3, 0, 0, 1 << 20, 0, UInt64(0), UInt64(0), 0, 64])
          == Expected.nametoolong)
      #expect(guest.call("fd_write", file, 0x1000, 100_000, 64) == 0)
    }
    #expect(try Self.residentMemory() - before < 64 << 20)
  }

  /// Bytes.
  private static func residentMemory() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(
      separator: " ")
    return try #require(Int(fields[1])) * 4_096
  }

  /// A link that leads out was followed where a file was to be created for writing; a guest could
  /// make such a link itself.
  @Test("CVE-2024-38358, GHSA-55f3-3qvg-8pv5 (wasmer)", arguments: strategies)
  func creatingDoesNotFollowALinkOut(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    let before = try world.others()
    for (index, target) in ["../secret", "../made", "../ro/f", "d/../../outside/f"].enumerated() {
      let contents = guest.path(target, at: Guest.otherPathAddress)
      #expect(guest.call("path_symlink", contents + [3] + guest.path("l\(index)")) == 0)
      for oflags in [0, 1, 4, 5, 8, 9, 12, 13] {
        for rights in [Guest.readRights, Guest.writeRights, Guest.allRights] {
          #expect(guest.open("l\(index)", oflags: oflags, rights: rights).error != 0)
        }
      }
    }
    #expect(try world.others() == before)
  }

  /// Paths led out of the preopened folder by themselves.
  @Test("CVE-2023-51661 (wasmer)", arguments: strategies)
  func pathsDoNotLeadOut(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    for path in [
      "..", "../secret", "d/../../secret", "/etc/passwd", "//etc/passwd", "d/..//..//secret",
      world.directory.path + "/secret", "../rw/../secret",
    ] {
      #expect(world.guest.open(path).error == Expected.notcapable, "\(path)")
      #expect(world.guest.getStatus(path) == Expected.notcapable, "\(path)")
    }
  }

  /// What a new link holds was not looked at, and following it led out.
  @Test("CVE-2025-43853 (WAMR)", arguments: strategies)
  func absoluteLinksAreNeitherMadeNorFollowed(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    for target in ["/", "/etc/passwd", "//etc", world.directory.path + "/rw/f"] {
      let contents = guest.path(target, at: Guest.otherPathAddress)
      #expect(
        guest.call("path_symlink", contents + [3] + guest.path("link")) == Expected.notcapable)
    }
    let contents = guest.path("../secret", at: Guest.otherPathAddress)
    #expect(guest.call("path_symlink", contents + [3] + guest.path("link")) == 0)
    #expect(guest.open("link").error == Expected.notcapable)
  }

  /// A network address without a mask allowed all addresses. Ours are single ones by their nature;
  /// what is no whole address is none at all (and see OptionValueTests).
  @Test("CVE-2025-54126 (WAMR)")
  func anAddressIsExactlyOne() throws {
    for host in ["", "0", "127", "127.0.0.1/8", "127.0.0.1/", "*", "::/0"] {
      #expect(throws: Errno.invalidArgument) {
        try FileDescriptor.listen(host: host, port: 0).close()
      }
    }
    let socket = try FileDescriptor.listen(host: "127.0.0.1", port: 0)
    let port = try socket.descriptor.socketPort()
    // Bound to that address alone: the same port of another one is free.
    try FileDescriptor.listen(host: "127.0.0.2", port: port).close()
  }

  /// Pointers in the arguments of sock_* were used as they came.
  @Test("WAMR 2.4.3, #4611 and #4665")
  func pointersOfSocketCallsAreChecked() throws {
    var configuration = WASIConfiguration()
    configuration.listeningSockets = [try FileDescriptor.listen(host: "127.0.0.1", port: 0).take()]
    let guest = try Guest(configuration)
    #expect(guest.call("fd_fdstat_set_flags", 3, 4) == 0)
    for address in [Guest.memoryByteCount - 3, Guest.memoryByteCount, 0x7FFF_FFFF, -1, -4] {
      #expect(guest.call("sock_accept", 3, 0, address) == Expected.fault)
      for call: (String, [any Argument]) in [
        ("sock_recv", [3, address, 1, 0, 64, 72]), ("sock_recv", [3, 128, 1, 0, address, 72]),
        ("sock_recv", [3, 128, 1, 0, 64, address]), ("sock_send", [3, address, 1, 0, 64]),
        ("sock_send", [3, 128, 1, 0, address]),
      ] { #expect(guest.call(call.0, call.1) != 0, "\(call.0)") }
    }
  }

  /// A link that a guest has made left a mount.
  @Test("wazero #2321", arguments: strategies)
  func aGuestsOwnLinksStayInside(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    let contents = guest.path("..", at: Guest.otherPathAddress)
    #expect(guest.call("path_symlink", contents + [3] + guest.path("up")) == 0)
    #expect(guest.call("path_symlink", contents + [3] + guest.path("d/up")) == 0)
    for path in ["up", "up/secret", "d/up/up/secret", "d/up/d/up/../secret"] {
      #expect(guest.open(path).error == Expected.notcapable, "\(path)")
    }
    #expect(guest.open("d/up/f").error == 0)
  }

  /// Folders opened below a read-only one could be written to.
  @Test("WasmEdge #5340", arguments: strategies)
  func whatComesFromAReadOnlyGrantIsReadOnly(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy)
    let guest = world.guest
    let before = try world.others()
    var folder = 4
    for _ in 0..<3 {
      folder = try guest.descriptor(
        folder == 4 ? "d" : ".", in: folder, oflags: 2, rights: Guest.allRights & ~0x40_0141)
      #expect(guest.open("g", in: folder, rights: Guest.writeRights).error == Expected.rofs)
      #expect(guest.open("new", in: folder, oflags: 1).error == Expected.rofs)
      #expect(guest.call("path_unlink_file", [folder] + guest.path("g")) == Expected.rofs)
      #expect(guest.call("path_create_directory", [folder] + guest.path("n")) == Expected.rofs)
    }
    #expect(try world.others() == before)
  }
}
