// Whatever a guest gives as an address or a length, the host answers with an error and stays whole.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import WASI

@Suite(.serialized) struct BadPointerTests {
  /// A call that works, and which of its arguments are addresses or lengths.
  private struct Call: Sendable {
    var name: String
    var arguments: [any Argument]
    /// Addresses of results: a bad one is an error in any case.
    var results: [Int] = []
    /// Pairs of address and length: at the address, and one behind it.
    var buffers: [Int] = []
    /// Addresses of arrays whose element count is in the next argument.
    var arrays: [Int] = []
  }

  /// Descriptor 3 is a directory, 4 a file open for all.
  private static let calls: [Call] = [
    Call(name: "args_sizes_get", arguments: [64, 68], results: [0, 1]),
    Call(name: "args_get", arguments: [64, 68], results: [0, 1]),
    Call(name: "environ_sizes_get", arguments: [64, 68], results: [0, 1]),
    Call(name: "environ_get", arguments: [64, 68], results: [0, 1]),
    Call(name: "clock_time_get", arguments: [0, UInt64(0), 64], results: [2]),
    Call(name: "clock_res_get", arguments: [0, 64], results: [1]),
    Call(name: "random_get", arguments: [64, 8], buffers: [0]),
    Call(name: "fd_read", arguments: [4, 128, 1, 64], results: [3], arrays: [1]),
    Call(name: "fd_write", arguments: [4, 128, 1, 64], results: [3], arrays: [1]),
    Call(name: "fd_pread", arguments: [4, 128, 1, UInt64(0), 64], results: [4], arrays: [1]),
    Call(name: "fd_pwrite", arguments: [4, 128, 1, UInt64(0), 64], results: [4], arrays: [1]),
    Call(name: "fd_seek", arguments: [4, UInt64(0), 0, 64], results: [3]),
    Call(name: "fd_tell", arguments: [4, 64], results: [1]),
    Call(name: "fd_fdstat_get", arguments: [4, 64], results: [1]),
    Call(name: "fd_filestat_get", arguments: [4, 64], results: [1]),
    Call(name: "fd_prestat_get", arguments: [3, 64], results: [1]),
    Call(name: "fd_prestat_dir_name", arguments: [3, 64, 8], buffers: [1]),
    Call(
      name: "fd_readdir", arguments: [3, 0x8000, 512, UInt64(0), 64], results: [4], buffers: [1]),
    Call(name: "path_create_directory", arguments: [3, 256, 4], buffers: [1]),
    Call(name: "path_remove_directory", arguments: [3, 256, 4], buffers: [1]),
    Call(name: "path_unlink_file", arguments: [3, 256, 4], buffers: [1]),
    Call(name: "path_filestat_get", arguments: [3, 0, 260, 1, 64], results: [4], buffers: [2]),
    Call(
      name: "path_filestat_set_times",
      arguments: [3, 0, 260, 1, UInt64(0), UInt64(0), 0], buffers: [2]),
    Call(
      name: "path_open", arguments: [3, 0, 260, 1, 0, UInt64(0), UInt64(0), 0, 64],
      results: [8], buffers: [2]),
    Call(name: "path_link", arguments: [3, 0, 260, 1, 3, 256, 4], buffers: [2, 5]),
    Call(name: "path_rename", arguments: [3, 256, 4, 3, 256, 4], buffers: [1, 4]),
    Call(name: "path_symlink", arguments: [256, 4, 3, 256, 4], buffers: [0, 3]),
    Call(
      name: "path_readlink", arguments: [3, 262, 1, 0x8000, 16, 64], results: [5],
      buffers: [1, 3]),
    Call(name: "poll_oneoff", arguments: [0x400, 0x800, 1, 64], results: [1, 3], arrays: [0]),
  ]

  private static func guest(_ directory: TemporaryDirectory) throws -> Guest {
    try directory.write("f", "0123456789")
    try directory.descriptor.makeSymbolicLink("s", holding: "f")
    var configuration = WASIConfiguration(
      arguments: ["a"], environment: ["A=B"],
      preopens: [try Preopen.open(hostPath: directory.path, guestPath: "/")])
    configuration.maximumDescriptorCount = 8
    let guest = try Guest(configuration)
    // "name" at 256, "f" at 260, "s" at 262; one stretch of 4 bytes at 0x8000 listed at 128.
    guest.store("namef s".utf8, at: 256)
    guest.store(UInt32(0x8000), at: 128)
    guest.store(UInt32(4), at: 132)
    #expect(
      guest.call(
        "path_open", 3, 0, 260, 1, 0, Guest.allRights & ~Rights.fdReadDirectory.rawValue,
        UInt64(0), 0, 64) == 0)
    return guest
  }

  private static let end = Guest.memoryByteCount

  @Test func resultsOutsideOfMemoryAreBadAddresses() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    for call in Self.calls {
      for index in call.results {
        for address in [Self.end, Self.end - 1, 0x7FFF_FFFF, 0x8000_0000, -1, -4, -64] {
          var arguments = call.arguments
          arguments[index] = address
          #expect(
            guest.call(call.name, arguments) == Expected.fault, "\(call.name) \(index) \(address)")
        }
      }
    }
  }

  @Test func buffersOutsideOfMemoryAreBadAddresses() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    for call in Self.calls {
      for index in call.buffers {
        let pairs = [
          (Self.end, 1), (Self.end - 1, 2), (64, Self.end), (64, -1), (0, -1), (-1, 1), (-1, -1),
          (0x8000_0000, 0x8000_0000), (1, Int(Int32.max)),
        ]
        for (address, count) in pairs {
          var arguments = call.arguments
          arguments[index] = address
          arguments[index + 1] = count
          #expect(
            guest.call(call.name, arguments) == Expected.fault,
            "\(call.name) \(index) \(address) \(count)")
        }
      }
    }
  }

  @Test func arraysOutsideOfMemoryAreBadAddresses() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    for call in Self.calls {
      for index in call.arrays {
        let pairs = [
          (Self.end - 7, 1), (-1, 1), (-8, 1), (128, -1), (128, 0x2000_0000), (128, 0x2000_0001),
          (128, 0x0555_5556), (0, 0x8000_0000),
        ]
        for (address, count) in pairs {
          var arguments = call.arguments
          arguments[index] = address
          // poll_oneoff has its count behind the second array.
          arguments[call.name == "poll_oneoff" ? 2 : index + 1] = count
          #expect(
            guest.call(call.name, arguments) == Expected.fault,
            "\(call.name) \(address) \(count)")
        }
      }
    }
  }

  @Test func stretchesOutsideOfMemoryAreBadAddresses() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    for (address, count) in [
      (Self.end, 1), (Self.end - 1, 2), (0, -1), (-1, 1), (-1, -1), (0x8000_0000, 0x8000_0000),
    ] {
      guest.store(UInt32(truncatingIfNeeded: address), at: 136)
      guest.store(UInt32(truncatingIfNeeded: count), at: 140)
      for name in ["fd_read", "fd_write"] {
        #expect(guest.call(name, 4, 128, 2, 64) == Expected.fault)
      }
      for name in ["fd_pread", "fd_pwrite"] {
        #expect(guest.call(name, 4, 128, 2, UInt64(0), 64) == Expected.fault)
      }
    }
    #expect(try directory.contents(of: "f") == "0123456789")
  }

  @Test func aResultsBadAddressIsFoundBeforeAnythingIsDone() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    #expect(guest.call("fd_write", 4, 128, 1, -1) == Expected.fault)
    #expect(guest.call("fd_seek", 4, UInt64(3), 0, -1) == Expected.fault)
    #expect(guest.call("fd_tell", 4, 64) == 0)
    #expect(guest.load(64, as: UInt64.self) == 0)
    #expect(guest.call("path_open", 3, 0, 256, 4, 1, UInt64(0), UInt64(0), 0, -1) == Expected.fault)
    #expect(throws: Errno.noSuchFileOrDirectory) { try directory.descriptor.status(of: "name") }
  }

  @Test func theEdgeOfMemoryIsGood() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    #expect(guest.call("fd_tell", 4, Self.end - 8) == 0)
    #expect(guest.call("random_get", Self.end - 5, 5) == 0)
    #expect(guest.call("fd_filestat_get", 4, Self.end - 64) == 0)
    #expect(guest.call("clock_time_get", 0, UInt64(0), Self.end - 9) == 0)
    guest.store("f".utf8, at: Self.end - 1)
    #expect(guest.call("path_filestat_get", 3, 0, Self.end - 1, 1, 64) == 0)
  }

  @Test func withoutMemoryEveryAddressIsBad() throws {
    let directory = try TemporaryDirectory()
    let guest = try Self.guest(directory)
    guest.context.memory = nil
    for call in Self.calls {
      #expect(guest.call(call.name, call.arguments) == Expected.fault, "\(call.name)")
    }
  }

  @Test func everyPointerOfTheInterfaceIsTried() throws {
    let tried = Set(Self.calls.map(\.name))
    // These have none: numbers only, or sockets, which SocketTests try.
    let without: Set = [
      "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_set_flags",
      "fd_fdstat_set_rights", "fd_filestat_set_size", "fd_filestat_set_times", "fd_renumber",
      "fd_sync", "proc_exit", "proc_raise", "sched_yield", "sock_accept", "sock_recv", "sock_send",
      "sock_shutdown",
    ]
    let context = try WASIContext(WASIConfiguration())
    let all = Set(context.functions(module: "wasi_snapshot_preview1").map(\.name))
    #expect(all == tried.union(without))
  }
}
