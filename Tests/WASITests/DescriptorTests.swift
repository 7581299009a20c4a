// The descriptor table: numbers, rights, kinds.

import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct DescriptorTests {
  private let directory: TemporaryDirectory
  private let guest: Guest

  init() throws {
    directory = try TemporaryDirectory()
    guest = try Guest(directory)
  }

  @Test func theLowestFreeNumberIsGiven() throws {
    let numbers = try (0..<4).map { try guest.descriptor("f\($0)", oflags: 1) }
    #expect(numbers == [4, 5, 6, 7])
    #expect(guest.call("fd_close", 5) == 0)
    #expect(guest.call("fd_close", 5) == Expected.badf)
    #expect(try guest.descriptor("f1") == 5)
    #expect(try guest.descriptor("f1") == 8)
  }

  @Test func renumberingMovesAndCloses() throws {
    try directory.write("a", "from a")
    try directory.write("b", "from b")
    let first = try guest.descriptor("a")
    let second = try guest.descriptor("b")
    #expect(guest.call("fd_renumber", first, second) == 0)
    #expect(guest.read(second) == "from a")
    #expect(guest.call("fd_tell", first, 64) == Expected.badf)
    #expect(guest.call("fd_renumber", second, first) == Expected.badf)
    #expect(guest.call("fd_renumber", second, second) == 0)
    #expect(guest.call("fd_renumber", second, 3) == 0)
    #expect(guest.call("fd_prestat_get", 3, 64) == Expected.badf)
    #expect(guest.call("fd_renumber", 77, 3) == Expected.badf)
    #expect(guest.call("fd_renumber", 3, 0xFFFF_FFFF) == Expected.badf)
  }

  @Test func preopensTellTheirNames() throws {
    #expect(guest.call("fd_prestat_get", 3, 64) == 0)
    #expect(guest.load(64, as: UInt32.self) == 0)
    #expect(guest.load(68, as: UInt32.self) == 1)
    #expect(guest.call("fd_prestat_dir_name", 3, 64, 0) == Expected.nametoolong)
    #expect(guest.call("fd_prestat_dir_name", 3, 64, 5) == 0)
    #expect(guest.text(at: 64, count: 1) == "/")
    #expect(guest.call("fd_prestat_get", 1, 64) == Expected.badf)
    #expect(guest.call("fd_prestat_get", 4, 64) == Expected.badf)
  }

  @Test func rightsCanBeTakenAwayButNotGiven() throws {
    let file = try guest.descriptor("f", oflags: 1, rights: Guest.writeRights)
    let less = Rights([.fdSeek, .fdTell]).rawValue
    #expect(guest.call("fd_fdstat_set_rights", file, less, UInt64(0)) == 0)
    #expect(guest.write("text", to: file) == Expected.notcapable)
    #expect(guest.read(file) == nil)
    #expect(guest.call("fd_tell", file, 64) == 0)
    #expect(
      guest.call("fd_fdstat_set_rights", file, Guest.writeRights, UInt64(0)) == Expected.notcapable)
    #expect(guest.call("fd_fdstat_get", file, 64) == 0)
    #expect(guest.load(72, as: UInt64.self) == less)
    #expect(guest.load(80, as: UInt64.self) == 0)
  }

  @Test func openingNeedsTheDirectorysRights() throws {
    try directory.write("f", "text")
    let subdirectory = try guest.descriptor(
      ".", oflags: 2, rights: Rights([.pathOpen, .fdReadDirectory]).rawValue)
    #expect(guest.open("f", in: subdirectory).error == 0)
    #expect(guest.open("new", in: subdirectory, oflags: 1).error == Expected.notcapable)
    #expect(guest.open("f", in: subdirectory, oflags: 8).error == Expected.notcapable)
    #expect(guest.getStatus("f", in: subdirectory) == Expected.notcapable)
    let rights = Rights([.pathOpen, .fdReadDirectory]).rawValue
    #expect(
      guest.call("fd_fdstat_set_rights", subdirectory, rights, Rights.fdRead.rawValue) == 0)
    #expect(
      guest.open("f", in: subdirectory, rights: Guest.writeRights, inheriting: 0).error
        == Expected.notcapable)
    #expect(
      guest.open("f", in: subdirectory, rights: Rights.fdRead.rawValue, inheriting: 0).error == 0)
    #expect(try directory.contents(of: "f") == "text")
  }

  @Test func aRightMustFitTheKindOfFile() throws {
    try directory.write("f")
    let file = try guest.descriptor("f", rights: Guest.readRights)
    let folder = try guest.descriptor(".", oflags: 2, rights: Guest.readRights)
    #expect(guest.read(folder) == nil)
    #expect(guest.call("fd_read", folder, 128, 1, 64) == Expected.isdir)
    #expect(guest.call("fd_seek", folder, UInt64(0), 0, 64) == Expected.isdir)
    #expect(guest.call("fd_allocate", folder, UInt64(0), UInt64(1)) == Expected.isdir)
    #expect(guest.open("x", in: file).error == Expected.notdir)
    #expect(guest.call("fd_readdir", file, 0, 0, UInt64(0), 64) == Expected.notdir)
    #expect(guest.call("fd_fdstat_get", folder, 64) == 0)
    #expect(guest.load(64, as: UInt8.self) == 3)
    #expect(guest.load(72, as: UInt64.self) == Rights.fdGetStatus.rawValue)
    for name in ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"] {
      #expect(guest.call(name, file, 0, 0, 0, 64, 64) == Expected.notsock)
      #expect(guest.call(name, 99, 0, 0, 0, 64, 64) == Expected.badf)
    }
  }

  @Test func pipesCannotSeekAndHaveTheirEndsRights() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Guest(
      WASIConfiguration(
        standardInput: pipe.reading.descriptor, standardOutput: pipe.writing.descriptor))
    #expect(guest.write("through the pipe", to: 1) == 0)
    #expect(guest.read(0) == "through the pipe")
    #expect(guest.write("x", to: 0) == Expected.notcapable)
    #expect(guest.read(1) == nil)
    #expect(guest.call("fd_seek", 0, UInt64(0), 1, 64) == Expected.spipe)
    #expect(guest.call("fd_pread", 0, 128, 1, UInt64(0), 64) == Expected.spipe)
    #expect(guest.call("fd_fdstat_get", 0, 64) == 0)
    #expect(guest.load(64, as: UInt8.self) == 0)
  }

  @Test func theNullDeviceIsNoTerminal() throws {
    let null = try FileDescriptor.currentDirectory.open("/dev/null", .readWrite)
    let guest = try Guest(WASIConfiguration(standardInput: null.descriptor))
    #expect(guest.call("fd_fdstat_get", 0, 64) == 0)
    #expect(guest.load(64, as: UInt8.self) == 2)
    // wasi-libc's isatty: a character device that cannot seek.
    #expect(guest.load(72, as: UInt64.self) & Rights([.fdSeek, .fdTell]).rawValue != 0)
  }

  @Test func aStandardStreamThatIsNotOpenIsAFreeNumber() throws {
    let guest = try Guest(
      WASIConfiguration(
        preopens: [try Preopen.open(hostPath: directory.path, guestPath: ".")],
        standardInput: FileDescriptor(rawValue: -1)))
    #expect(guest.read(0) == nil)
    #expect(guest.call("fd_fdstat_get", 0, 64) == Expected.badf)
    #expect(guest.call("fd_prestat_get", 3, 64) == 0)
    #expect(try guest.descriptor("f", oflags: 1) == 0)
  }

  @Test func thereAreNoMoreDescriptorsThanConfigured() throws {
    let guest = try Guest(
      WASIConfiguration(
        preopens: [try Preopen.open(hostPath: directory.path, guestPath: ".")],
        maximumDescriptorCount: 6))
    #expect(guest.open("a", oflags: 1).error == 0)
    #expect(guest.open("a", oflags: 1).error == 0)
    #expect(guest.open("a", oflags: 1).error == Expected.mfile)
    #expect(guest.call("fd_close", 4) == 0)
    #expect(guest.open("a").error == 0)
  }

  @Test func closingAStandardStreamLeavesTheHostsOpen() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Guest(WASIConfiguration(standardOutput: pipe.writing.descriptor))
    #expect(guest.call("fd_close", 1) == 0)
    #expect(guest.write("x", to: 1) == Expected.badf)
    _ = try pipe.writing.descriptor.statusFlags()
  }
}
