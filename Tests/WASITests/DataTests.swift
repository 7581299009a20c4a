// Reading, writing, seeking, and the ways in which a file can be open.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct DataTests {
  private let directory: TemporaryDirectory
  private let guest: Guest

  init() throws {
    directory = try TemporaryDirectory()
    guest = try Guest(directory)
  }

  @Test func severalStretchesMoveInOneCall() throws {
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
    guest.store("hello, world".utf8, at: 0x8000)
    for (index, (address, count)) in [(0x8000, 5), (0, 0), (0x8005, 2), (0x8007, 5)].enumerated() {
      guest.store(UInt32(address), at: 128 + index * 8)
      guest.store(UInt32(count), at: 132 + index * 8)
    }
    #expect(guest.call("fd_write", file, 128, 4, 64) == 0)
    #expect(guest.load(64, as: UInt32.self) == 12)
    #expect(try directory.contents(of: "f") == "hello, world")

    #expect(guest.call("fd_pread", file, 128, 4, UInt64(7), 64) == 0)
    #expect(guest.text(at: 0x8000, count: Int(guest.load(64, as: UInt32.self))) == "world")
    #expect(guest.call("fd_tell", file, 64) == 0)
    #expect(guest.load(64, as: UInt64.self) == 12)
    #expect(guest.call("fd_pwrite", file, 128, 1, UInt64(0), 64) == 0)
    #expect(try directory.contents(of: "f") == "world, world")
  }

  @Test func noStretchMovesNothing() throws {
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
    #expect(guest.call("fd_write", file, 128, 0, 64) == 0)
    #expect(guest.load(64, as: UInt32.self) == 0)
    #expect(guest.call("fd_read", file, 128, 0, 64) == 0)
  }

  @Test func moreStretchesThanTheKernelTakesAreAShortWrite() throws {
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
    for index in 0..<3_000 {
      guest.store(UInt32(0x8000), at: 0x10000 + index * 8)
      guest.store(UInt32(1), at: 0x10004 + index * 8)
    }
    #expect(guest.call("fd_write", file, 0x10000, 3_000, 64) == 0)
    #expect(guest.load(64, as: UInt32.self) == 1_024)
  }

  @Test func seekCountsFromStartCurrentAndEnd() throws {
    try directory.write("f", "0123456789")
    let file = try guest.descriptor("f")
    let steps: [(offset: Int64, whence: Int, result: UInt64)] = [
      (4, 0, 4), (-1, 1, 3), (-2, 2, 8), (0, 1, 8), (100, 1, 108),
    ]
    for step in steps {
      #expect(guest.call("fd_seek", file, UInt64(bitPattern: step.offset), step.whence, 64) == 0)
      #expect(guest.load(64, as: UInt64.self) == step.result)
    }
    let before = UInt64(bitPattern: -1000)
    #expect(guest.call("fd_seek", file, before, 1, 64) == Expected.inval)
    #expect(guest.call("fd_seek", file, UInt64(0), 3, 64) == Expected.inval)
    #expect(guest.call("fd_pread", file, 128, 1, UInt64.max, 64) == Expected.inval)
  }

  @Test func theOlderPreviewNumbersWhenceDifferently() throws {
    try directory.write("f", "0123456789")
    let old = try Guest(directory, module: "wasi_unstable")
    let file = try old.descriptor("f")
    let steps: [(offset: Int64, whence: Int, result: UInt64)] = [(4, 2, 4), (-1, 0, 3), (-2, 1, 8)]
    for step in steps {
      #expect(old.call("fd_seek", file, UInt64(bitPattern: step.offset), step.whence, 64) == 0)
      #expect(old.load(64, as: UInt64.self) == step.result)
    }
  }

  @Test func appendingWritesAtTheEndUntilItIsTurnedOff() throws {
    try directory.write("f", "start")
    let file = try guest.descriptor("f", rights: Guest.allRights & ~(1 << 14), fdflags: 1)
    #expect(guest.write("+1", to: file) == 0)
    #expect(guest.call("fd_seek", file, UInt64(0), 0, 64) == 0)
    #expect(guest.write("+2", to: file) == 0)
    #expect(try directory.contents(of: "f") == "start+1+2")
    #expect(guest.call("fd_fdstat_get", file, 64) == 0)
    #expect(guest.load(66, as: UInt16.self) == 1)
    #expect(guest.call("fd_fdstat_set_flags", file, 0) == 0)
    #expect(guest.call("fd_seek", file, UInt64(0), 0, 64) == 0)
    #expect(guest.write("S", to: file) == 0)
    #expect(try directory.contents(of: "f") == "Start+1+2")
  }

  @Test func synchronousWritingCannotBeTurnedOnLater() throws {
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.allRights & ~(1 << 14))
    for flag in [2, 8, 16] {
      #expect(guest.call("fd_fdstat_set_flags", file, flag) == Expected.notsup)
    }
    #expect(guest.call("fd_fdstat_set_flags", file, 32) == Expected.inval)
    #expect(guest.call("fd_fdstat_set_flags", file, 4) == 0)
    #expect(guest.call("fd_fdstat_get", file, 64) == 0)
    #expect(guest.load(66, as: UInt16.self) == 4)
    let synchronous = try guest.descriptor("g", oflags: 1, rights: Guest.writeRights, fdflags: 2)
    #expect(guest.call("fd_fdstat_get", synchronous, 64) == 0)
    #expect(guest.load(66, as: UInt16.self) == 2)
  }

  @Test func sizeAndSpaceCanBeSet() throws {
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
    #expect(guest.call("fd_filestat_set_size", file, UInt64(100)) == 0)
    #expect(guest.call("fd_allocate", file, UInt64(90), UInt64(20)) == 0)
    #expect(guest.call("fd_filestat_get", file, 64) == 0)
    #expect(guest.status.byteCount == 110)
    #expect(guest.status.fileType == 4)
    #expect(guest.call("fd_filestat_set_size", file, UInt64.max) == Expected.inval)
    #expect(guest.call("fd_allocate", file, UInt64(0), UInt64(0)) == Expected.inval)
  }

  @Test func adviceIsTakenAndUnknownAdviceRefused() throws {
    let rights = Guest.readRights | Rights.fdAdvise.rawValue
    let file = try guest.descriptor("f", oflags: 1, rights: rights)
    for advice in 0...5 {
      #expect(guest.call("fd_advise", file, UInt64(0), UInt64(10), advice) == 0)
    }
    #expect(guest.call("fd_advise", file, UInt64(0), UInt64(10), 6) == Expected.inval)
  }

  @Test func timesAreSetAsTheFlagsSay() throws {
    let rights = Guest.readRights | Rights.fdSetTimes.rawValue
    let file = try guest.descriptor("f", oflags: 1, rights: rights)
    #expect(guest.call("fd_filestat_set_times", file, UInt64(5), UInt64(7), 4) == 0)
    #expect(guest.call("fd_filestat_get", file, 64) == 0)
    #expect(guest.status.modificationTime == 7)
    #expect(guest.load(64 + 40, as: UInt64.self) != 5)
    for both in [3, 12, 16] {
      #expect(
        guest.call("fd_filestat_set_times", file, UInt64(5), UInt64(7), both) == Expected.inval)
    }
    #expect(guest.call("fd_filestat_set_times", file, UInt64(5), UInt64(7), 1 | 8) == 0)
    #expect(guest.call("fd_filestat_get", file, 64) == 0)
    #expect(guest.load(64 + 40, as: UInt64.self) == 5)
    #expect(guest.status.modificationTime > 1_000_000_000)
  }

  @Test func syncReachesTheDisk() throws {
    let rights = Guest.writeRights | Rights([.fdSync, .fdDataSync]).rawValue
    let file = try guest.descriptor("f", oflags: 1, rights: rights)
    #expect(guest.call("fd_sync", file) == 0)
    #expect(guest.call("fd_datasync", file) == 0)
  }

  #if DEBUG
    @Test func theHostsErrorsReachTheGuest() throws {
      let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
      FaultInjection.withFault(.write, .noSpace) {
        #expect(guest.write("text", to: file) == Expected.nospc)
      }
      FaultInjection.withFault(.openat2, .tooManyOpenFiles) {
        #expect(guest.open("f").error == Expected.mfile)
      }
    }
  #endif
}
