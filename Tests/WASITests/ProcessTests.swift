// Arguments, environment, clocks, random bytes, and the end.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct ProcessTests {
  @Test(arguments: ["args", "environ"])
  func stringsStandOneBehindTheOther(_ kind: String) throws {
    let strings = ["prögram", "", "-x", "A=B"]
    let words = strings.map { OSString($0) }
    let guest = try Guest(WASIConfiguration(arguments: words, environment: words))
    #expect(guest.call("\(kind)_sizes_get", 64, 68) == 0)
    #expect(guest.load(64, as: UInt32.self) == 4)
    #expect(guest.load(68, as: UInt32.self) == 17)
    #expect(guest.call("\(kind)_get", 0x100, 0x200) == 0)
    let addresses = (0..<4).map { Int(guest.load(0x100 + $0 * 4, as: UInt32.self)) }
    #expect(addresses == [0x200, 0x209, 0x20A, 0x20D])
    #expect(guest.text(at: 0x200, count: 17) == "prögram\0\0-x\0A=B\0")
    let end = Guest.memoryByteCount
    #expect(guest.call("\(kind)_get", 0x100, end - 16) == Expected.fault)
    #expect(guest.call("\(kind)_get", end - 12, 0x200) == Expected.fault)
    #expect(guest.call("\(kind)_get", 0x100, end - 17) == 0)
  }

  @Test func noStringsNeedNoRoom() throws {
    let guest = try Guest(WASIConfiguration())
    #expect(guest.call("args_sizes_get", 64, 68) == 0)
    #expect(guest.load(64, as: UInt64.self) == 0)
    #expect(guest.call("args_get", Guest.memoryByteCount, Guest.memoryByteCount) == 0)
  }

  @Test func clocksTellTheTime() throws {
    let guest = try Guest(WASIConfiguration())
    let clocks: [Clock] = [.realtime, .monotonic, .processTime, .threadTime]
    for (id, clock) in clocks.enumerated() {
      let before = try clock.now()
      #expect(guest.call("clock_time_get", id, UInt64(1), 64) == 0)
      let time: UInt64 = guest.load(64)
      #expect(try (before...clock.now()).contains(time))
      #expect(guest.call("clock_res_get", id, 64) == 0)
      #expect((1...1_000_000_000).contains(guest.load(64, as: UInt64.self)))
    }
    #expect(guest.call("clock_time_get", 4, UInt64(1), 64) == Expected.inval)
    #expect(guest.call("clock_res_get", -1, 64) == Expected.inval)
  }

  @Test func randomBytesFillWhatIsAskedForAndNoMore() throws {
    let guest = try Guest(WASIConfiguration())
    #expect(guest.call("random_get", 0x1000, 4_096) == 0)
    #expect(Set(guest.bytes(at: 0x1000, count: 4_096)).count > 200)
    #expect(guest.load(0x2000, as: UInt64.self) == 0)
    #expect(guest.call("random_get", Guest.memoryByteCount, 0) == 0)
  }

  @Test func exitRecordsTheStatusAndLeaves() throws {
    let guest = try Guest(WASIConfiguration())
    #expect(guest.context.exitStatus == nil)
    #expect(guest.exit(42) == GuestStatus.pending)
    #expect(guest.context.exitStatus == 42)
    #expect(guest.exit(-1) == GuestStatus.pending)
    #expect(guest.context.exitStatus == .max)
  }

  @Test func signalsThatDoNothingCanBeRaised() throws {
    let guest = try Guest(WASIConfiguration())
    // none, chld, cont, urg, winch: ignored unless somebody asks for them.
    for signal in [0, 16, 17, 22, 27] {
      #expect(guest.call("proc_raise", signal) == 0)
    }
    #expect(guest.call("proc_raise", 31) == Expected.inval)
    #expect(guest.call("sched_yield") == 0)
  }

  @Test func everyErrorOfLinuxHasANumber() {
    let expected: [(Errno, UInt16)] = [
      (.notPermitted, 63), (.noSuchFileOrDirectory, 44), (.inputOutput, 29),
      (.badFileDescriptor, 8), (.wouldBlock, 6), (.permissionDenied, 2), (.fileExists, 20),
      (.crossDevice, 75), (.notDirectory, 54), (.isDirectory, 31), (.invalidArgument, 28),
      (.tooManyOpenFiles, 33), (.noSpace, 51), (.illegalSeek, 70), (.readOnlyFileSystem, 69),
      (.brokenPipe, 64), (.nameTooLong, 37), (.notImplemented, 52), (.directoryNotEmpty, 55),
      (.tooManySymbolicLinks, 32), (.overflow, 61), (.illegalByteSequence, 25),
      (.notSupported, 58), (.notCapable, 76), (.notSocket, 57), (.busy, 10),
      // EHWPOISON, which preview 1 does not know.
      (Errno(rawValue: 133), 29),
    ]
    for (error, number) in expected {
      #expect(WASIErrno(error).rawValue == number, "\(error)")
    }
  }
}
