// Every argument of every import, at the edges: the host answers, and takes no memory for it.

import CompilerInterface
import Foundation
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import WASI

@Suite(.serialized) struct PointerSweepTests {
  private static let end = Guest.memoryByteCount

  /// What an i32 can be at its worst: at the memory's ends, behind it, wrapping.
  private static let edges: [Int] = [
    0, 1, 3, end - 8, end - 1, end, end + 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF,
  ]
  private static let wideEdges: [UInt64] = [
    0, 1, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max,
  ]

  /// Those that wait, end the process, or fill the disk as they are asked to.
  private static let excluded: Set = ["proc_raise", "proc_exit", "poll_oneoff", "fd_allocate"]

  /// A file and the null device, for standard streams.
  private struct Streams: ~Copyable {
    let file: OwnedDescriptor
    let null: OwnedDescriptor

    static func open(in directory: TemporaryDirectory) throws -> Streams {
      try directory.write("f", "0123456789")
      let file = try directory.descriptor.open("f", .readWrite)
      let null = try FileDescriptor.currentDirectory.open("/dev/null", .readWrite)
      return Streams(file: file, null: null)
    }
  }

  private static func guest(
    _ directory: TemporaryDirectory, _ streams: borrowing Streams
  ) throws -> Guest {
    var configuration = WASIConfiguration(
      preopens: [try Preopen.open(hostPath: directory.path, guestPath: "/")],
      standardInput: streams.file.descriptor, standardOutput: streams.null.descriptor,
      standardError: streams.null.descriptor, maximumDescriptorCount: 64)
    configuration.listeningSockets = [try FileDescriptor.listen(host: "127.0.0.1", port: 0).take()]
    let guest = try Guest(configuration)
    // Nobody connects.
    #expect(guest.call("fd_fdstat_set_flags", 4, 4) == 0)
    return guest
  }

  /// The most memory that the process has had, in bytes.
  private static func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.split(separator: " ")[1])) * 1_024
  }

  @Test func theHostAnswersWhateverAGuestAsks() throws {
    let directory = try TemporaryDirectory()
    let streams = try Streams.open(in: directory)
    let before = try Self.peakMemory()
    var random = RepeatableGenerator(seed: 7)
    var callCount = 0
    for module in ["wasi_snapshot_preview1", "wasi_unstable"] {
      var guest = try Self.guest(directory, streams)
      for function in guest.context.functions(module: module)
      where !Self.excluded.contains(function.name) {
        // Each call with arguments of its own choice; the first is a descriptor for most.
        for round in 0..<400 {
          if round % 100 == 0 { guest = try Self.guest(directory, streams) }
          let arguments: [any Argument] = function.type.parameters.enumerated().map { index, type in
            if type == .i64 { return Self.wideEdges.randomElement(using: &random)! }
            if index == 0, Bool.random(using: &random) {
              return Int.random(in: 0...5, using: &random)
            }
            return Self.edges.randomElement(using: &random)!
          }
          let error = Self.call(function.name, module, of: guest, arguments)
          #expect(error <= 76, "\(function.name)")
          callCount += 1
        }
      }
    }
    #expect(callCount > 30_000)
    // 4 GiB were asked for thousands of times; other tests of the process take some as well.
    let growth = try Self.peakMemory() - before
    #expect(growth < 512 << 20)
  }

  private static func call(
    _ name: String, _ module: String, of guest: Guest, _ arguments: [any Argument]
  ) -> UInt64 {
    guard let function = guest.context.function(named: name, module: module) else { return .max }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 16) { slots in
      slots.initialize(repeating: 0)
      for (index, argument) in arguments.enumerated() { slots[index] = argument.slot }
      #expect(
        function.function(function.environment, slots.baseAddress!) == GuestStatus.finished)
      return slots[0]
    }
  }

  /// poll_oneoff with lists that are as long as a guest can say.
  @Test func listsOfSubscriptionsAreLookedAtFirst() throws {
    let directory = try TemporaryDirectory()
    let streams = try Streams.open(in: directory)
    let guest = try Self.guest(directory, streams)
    for count in [0x7FFF_FFFF, 0xFFFF_FFFF, Self.end / 48 + 1] {
      for address in Self.edges {
        #expect(guest.call("poll_oneoff", address, 0, count, 64) == Expected.fault)
        #expect(guest.call("poll_oneoff", 0, address, count, 64) == Expected.fault)
      }
    }
    #expect(guest.call("poll_oneoff", 0, 0, 0, 64) == Expected.inval)
  }
}
