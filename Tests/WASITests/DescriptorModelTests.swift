// The descriptor table against a model of it, through 100,000 random calls.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

/// A generator that repeats itself for a seed.
struct RepeatableGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  // SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

@Suite(.serialized) struct DescriptorModelTests {
  /// What a number stands for: the inode, and the place in the file, which nobody else moves.
  private struct Entry: Equatable {
    var inode: UInt64
    var offset: UInt64
    var rights: UInt64
  }

  private static let fileNames = ["a", "b", "c", "d"]
  private static let limit = 40

  /// The guest and what should be true of it.
  private final class World {
    let guest: Guest
    var inodes: [UInt64] = []
    /// By number; standard streams and the grant are not in it.
    var model: [Int: Entry] = [:]
    var random: RepeatableGenerator

    init(_ directory: TemporaryDirectory, seed: UInt64) throws {
      random = RepeatableGenerator(seed: seed)
      for name in fileNames {
        try directory.write(name, String(repeating: name, count: 100))
        inodes.append(try directory.descriptor.status(of: name).inode)
      }
      var configuration = WASIConfiguration(
        preopens: [try Preopen.open(hostPath: directory.path, guestPath: "/")],
        maximumDescriptorCount: limit)
      configuration.beneathStrategy = .available
      guest = try Guest(configuration)
    }

    private var lowestFree: Int? { (4..<limit).first { model[$0] == nil } }

    /// A number, mostly in use.
    private func number() -> Int {
      Int.random(in: 0..<10, using: &random) == 0
        ? Int.random(in: 4...limit + 3, using: &random)
        : model.keys.sorted().randomElement(using: &random) ?? 4
    }

    func step() {
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1: open()
      case 2: close()
      case 3: renumber()
      case 4: seek()
      case 5: read()
      case 6: restrict()
      default: status()
      }
    }

    private func open() {
      let index = fileNames.indices.randomElement(using: &random) ?? 0
      let result = guest.open(fileNames[index])
      guard let free = lowestFree else {
        #expect(result.error == Expected.mfile)
        return
      }
      #expect(result == Guest.OpenResult(error: 0, descriptor: free))
      model[free] = Entry(inode: inodes[index], offset: 0, rights: Guest.readRights)
    }

    private func close() {
      let number = number()
      let error = guest.call("fd_close", number)
      #expect(error == (model.removeValue(forKey: number) == nil ? Expected.badf : 0))
    }

    private func renumber() {
      let (from, to) = (number(), number())
      let error = guest.call("fd_renumber", from, to)
      guard let entry = model[from], model[to] != nil else {
        #expect(error == Expected.badf)
        return
      }
      #expect(error == 0)
      model[from] = nil
      model[to] = entry
    }

    private func seek() {
      let number = number()
      let offset = UInt64.random(in: 0...150, using: &random)
      let error = guest.call("fd_seek", number, offset, 0, 64)
      guard let entry = model[number] else {
        #expect(error == Expected.badf)
        return
      }
      guard entry.rights & Rights.fdSeek.rawValue != 0 else {
        #expect(error == Expected.notcapable)
        return
      }
      #expect(error == 0)
      model[number]?.offset = offset
    }

    private func read() {
      let number = number()
      let count = Int.random(in: 0...20, using: &random)
      let text = guest.read(number, count: count)
      guard let entry = model[number], entry.rights & Rights.fdRead.rawValue != 0 else {
        #expect(text == nil)
        return
      }
      let expected = entry.offset >= 100 ? 0 : min(count, 100 - Int(entry.offset))
      #expect(text?.utf8.count == expected)
      model[number]?.offset += UInt64(expected)
    }

    private func restrict() {
      let number = number()
      // Most keep their rights, or there would soon be none to test with.
      let wanted = Guest.readRights & ~(UInt64(1) << UInt64.random(in: 0...40, using: &random))
      let error = guest.call("fd_fdstat_set_rights", number, wanted, UInt64(0))
      guard let entry = model[number] else {
        #expect(error == Expected.badf)
        return
      }
      let isLess = wanted & ~entry.rights == 0
      #expect(error == (isLess ? 0 : Expected.notcapable))
      if isLess { model[number]?.rights = wanted }
    }

    private func status() {
      let number = number()
      let error = guest.call("fd_filestat_get", number, Guest.resultAddress)
      guard let entry = model[number] else {
        #expect(error == Expected.badf)
        return
      }
      guard entry.rights & Rights.fdGetStatus.rawValue != 0 else {
        #expect(error == Expected.notcapable)
        return
      }
      #expect(error == 0)
      #expect(guest.status.inode == entry.inode)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func theTableDoesAsTheModel(seed: UInt64) throws {
    let directory = try TemporaryDirectory()
    let before = try openDescriptorCount(below: directory.path)
    do {
      let world = try World(directory, seed: seed)
      for _ in 0..<25_000 { world.step() }
      #expect(!world.model.isEmpty)
    }
    // None is lost.
    #expect(try openDescriptorCount(below: directory.path) == before)
  }
}
