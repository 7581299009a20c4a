// A second process swaps names while a guest uses them: whatever the guest finds is inside.

import Foundation
import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite(.serialized) struct ContainmentRaceTests {
  /// A grant at `inside` with a folder and a link out, whose names a process swaps.
  private final class World {
    let directory: TemporaryDirectory
    let guest: Guest
    private let swapper: ChildProcess

    init(_ strategy: BeneathStrategy, link: String, isReadOnly: Bool = false) throws {
      directory = try TemporaryDirectory()
      let top = directory.descriptor
      for name in ["folder", "inside", "inside/d"] { try top.makeDirectory(name) }
      try directory.write("folder/f", "outside")
      try directory.write("inside/d/f", "inside")
      try top.makeSymbolicLink("inside/swapped", holding: link)
      var configuration = WASIConfiguration(
        preopens: [
          try Preopen.open(
            hostPath: directory.path + "/inside", guestPath: "/", isReadOnly: isReadOnly)
        ])
      configuration.beneathStrategy = strategy
      guest = try Guest(configuration)
      let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      let path = tests.deletingLastPathComponent().appendingPathComponent("name-swapper").path
      let inside = try top.open("inside", [.readOnly, .directory])
      swapper = try ChildProcess(
        path: path, arguments: ["d", "swapped"], descriptors: [inside.descriptor])
    }
  }

  /// How many of 100,000 openings found the file, and how many were kept from leaving.
  @Test(arguments: strategies)
  func aHundredThousandOpeningsStayInside(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy, link: "../folder")
    let outside = try Snapshot(world.directory.descriptor, except: "inside")
    var counts: [UInt16: Int] = [:]
    for _ in 0..<100_000 {
      let opened = world.guest.open("d/f")
      counts[opened.error, default: 0] += 1
      guard opened.error == 0 else { continue }
      let text = world.guest.read(opened.descriptor)
      world.guest.call("fd_close", opened.descriptor)
      try #require(text == "inside")
    }
    #expect(counts.keys.allSatisfy { [0, Expected.notcapable].contains($0) }, "\(counts)")
    // Both happened, or nothing raced.
    #expect(counts[0, default: 0] > 1_000 && counts[Expected.notcapable, default: 0] > 1_000)
    #expect(try Snapshot(world.directory.descriptor, except: "inside") == outside)
  }

  /// Every call that changes something, in turn.
  @Test(arguments: strategies)
  func changesStayInside(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy, link: "../folder")
    let guest = world.guest
    let outside = try Snapshot(world.directory.descriptor, except: "inside")
    let old = guest.path("d/f")
    let new = guest.path("d/new", at: Guest.otherPathAddress)
    let other = guest.path("d/other", at: 0x5000)
    var successCount = 0
    for _ in 0..<5_000 {
      let calls: [(name: String, arguments: [any Argument])] = [
        ("path_open", [3, 1] + new + [1 | 8, Guest.writeRights, UInt64(0), 0, 64]),
        ("path_open", [3, 1] + old + [0, Guest.writeRights, UInt64(0), 0, 64]),
        ("path_link", [3, 0] + old + [3] + other), ("path_unlink_file", [3] + other),
        ("path_rename", [3] + new + [3] + other), ("path_unlink_file", [3] + other),
        ("path_create_directory", [3] + new), ("path_remove_directory", [3] + new),
        ("path_symlink", old + [3] + new), ("path_unlink_file", [3] + new),
        ("path_filestat_set_times", [3, 1] + old + [UInt64(1), UInt64(1), 5]),
      ]
      for call in calls where guest.call(call.name, call.arguments) == 0 {
        successCount += 1
        if call.name == "path_open" {
          let number = Int(guest.load(64, as: UInt32.self))
          _ = guest.write("changed", to: number)
          guest.call("fd_close", number)
        }
      }
    }
    #expect(successCount > 1_000)
    #expect(try Snapshot(world.directory.descriptor, except: "inside") == outside)
  }

  /// The link's target is inside here, so that only where a name leads changes, never whether.
  @Test(arguments: strategies)
  func aReadOnlyGrantStaysAsItIs(_ strategy: BeneathStrategy) throws {
    let world = try World(strategy, link: "../folder", isReadOnly: true)
    let guest = world.guest
    let outside = try Snapshot(world.directory.descriptor, except: "inside")
    for _ in 0..<5_000 {
      for oflags in [0, 1, 8] {
        let opened = guest.open("d/f", oflags: oflags, rights: Guest.writeRights)
        #expect(opened.error != 0)
      }
      #expect(guest.call("path_unlink_file", [3] + guest.path("d/f")) != 0)
    }
    #expect(try Snapshot(world.directory.descriptor, except: "inside") == outside)
    let inside = try world.directory.descriptor.open("inside", [.readOnly, .directory])
    #expect(try entryNames(in: inside.descriptor).sorted() == ["d", "swapped"])
  }
}
