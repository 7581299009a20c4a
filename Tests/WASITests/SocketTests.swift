// sock_*: connections to a socket that listens.

import Foundation
import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite struct SocketTests {
  private static let listener = 3
  private static let connection = 4

  /// A guest with a listening socket, and somebody who has connected to it.
  private struct World {
    let guest: Guest
    let client: FileDescriptor

    init(_ host: String = "127.0.0.1") throws {
      var configuration = WASIConfiguration()
      let socket = try FileDescriptor.listen(host: host, port: 0)
      client = try Self.connect(host, try socket.descriptor.socketPort())
      configuration.listeningSockets = [socket.take()]
      guest = try Guest(configuration)
    }

    private static func connect(_ host: String, _ port: UInt16) throws -> FileDescriptor {
      let made = socket(host.contains(":") ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var v4 = sockaddr_in()
      var v6 = sockaddr_in6()
      v4.sin_family = UInt16(AF_INET)
      v6.sin6_family = UInt16(AF_INET6)
      v4.sin_port = port.bigEndian
      v6.sin6_port = port.bigEndian
      inet_pton(AF_INET, host, &v4.sin_addr)
      inet_pton(AF_INET6, host, &v6.sin6_addr)
      let result =
        host.contains(":")
        ? withUnsafePointer(to: &v6) {
          Foundation.connect(
            made, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self),
            socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
        : withUnsafePointer(to: &v4) {
          Foundation.connect(
            made, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self),
            socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      if result != 0 { throw Errno(rawValue: errno) }
      return FileDescriptor(rawValue: made)
    }

    func accept() {
      #expect(guest.call("sock_accept", SocketTests.listener, 0, 64) == 0)
      #expect(guest.load(64, as: UInt32.self) == UInt32(SocketTests.connection))
    }

    /// Lays out one buffer at 0x8000.
    func buffer(_ count: Int) {
      guest.store(UInt32(0x8000), at: 0x100)
      guest.store(UInt32(count), at: 0x104)
    }
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func aConnectionCarriesDataBothWays(host: String) throws {
    let world = try World(host)
    defer { try? world.client.close() }
    world.accept()
    let guest = world.guest
    world.buffer(5)
    guest.store("hello".utf8, at: 0x8000)
    #expect(guest.call("sock_send", Self.connection, 0x100, 1, 0, 64) == 0)
    #expect(guest.load(64, as: UInt32.self) == 5)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
    defer { buffer.deallocate() }
    #expect(try world.client.read(into: buffer) == 5)
    #expect(String(decoding: buffer[..<5], as: UTF8.self) == "hello")

    try world.client.writeAll(Array("answer".utf8))
    // Peeked at, it is still there.
    for flags in [1, 0] {
      #expect(guest.call("sock_recv", Self.connection, 0x100, 1, flags, 64, 72) == 0)
      #expect(guest.load(64, as: UInt32.self) == 5)
      #expect(guest.load(72, as: UInt16.self) == 0)
      #expect(guest.text(at: 0x8000, count: 5) == "answe")
    }
    // As a file, too.
    #expect(guest.call("fd_read", Self.connection, 0x100, 1, 64) == 0)
    #expect(guest.text(at: 0x8000, count: 1) == "r")
    try world.client.shutDown(reading: false, writing: true)
    #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 0, 64, 72) == 0)
    #expect(guest.load(64, as: UInt32.self) == 0)
  }

  @Test func shuttingDownEndsADirection() throws {
    let world = try World()
    defer { try? world.client.close() }
    world.accept()
    for flags in [0, 4, 8] {
      #expect(world.guest.call("sock_shutdown", Self.connection, flags) == Expected.inval)
    }
    #expect(world.guest.call("sock_shutdown", Self.connection, 2) == 0)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
    defer { buffer.deallocate() }
    #expect(try world.client.read(into: buffer) == 0)
    // EPIPE, and no signal: this process lives on.
    world.buffer(1)
    #expect(world.guest.call("sock_send", Self.connection, 0x100, 1, 0, 64) == 64)
    #expect(world.guest.call("sock_shutdown", Self.connection, 3) == 0)
  }

  @Test func withoutAConnectionNothingIsWaitedFor() throws {
    let world = try World()
    defer { try? world.client.close() }
    world.accept()
    #expect(world.guest.call("fd_fdstat_set_flags", Self.listener, 4) == 0)
    #expect(world.guest.call("sock_accept", Self.listener, 0, 64) == 6)
    #expect(world.guest.call("sock_recv", Self.listener, 0x100, 0, 0, 64, 72) != 0)
    // Non-blocking from its start.
    let other = try World()
    defer { try? other.client.close() }
    #expect(other.guest.call("sock_accept", Self.listener, 4, 64) == 0)
    other.buffer(1)
    #expect(other.guest.call("sock_recv", Self.connection, 0x100, 1, 0, 64, 72) == 6)
  }

  @Test func wrongArgumentsAreRefused() throws {
    let world = try World()
    defer { try? world.client.close() }
    let guest = world.guest
    #expect(guest.call("sock_accept", Self.listener, 1, 64) == Expected.inval)
    #expect(
      guest.call("sock_accept", Self.listener, 0, Guest.memoryByteCount - 2) == Expected.fault)
    world.accept()
    world.buffer(1)
    #expect(guest.call("sock_accept", Self.connection, 0, 64) == Expected.notcapable)
    #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 4, 64, 72) == Expected.inval)
    #expect(guest.call("sock_send", Self.connection, 0x100, 1, 1, 64) == Expected.inval)
    #expect(guest.call("sock_recv", 9, 0x100, 1, 0, 64, 72) == Expected.badf)
    for address in [Guest.memoryByteCount - 1, -1] {
      #expect(guest.call("sock_recv", Self.connection, address, 1, 0, 64, 72) == Expected.fault)
      #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 0, address, 72) == Expected.fault)
      #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 0, 64, address) == Expected.fault)
      #expect(guest.call("sock_send", Self.connection, address, 1, 0, 64) == Expected.fault)
      #expect(guest.call("sock_send", Self.connection, 0x100, 1, 0, address) == Expected.fault)
    }
    guest.store(UInt32(0xFFFF_FFF0), at: 0x104)
    #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 0, 64, 72) == Expected.fault)
  }

  @Test func onlyAddressesInDigitsAreListenedOn() {
    for host in ["localhost", "", "127.0.0", "1.2.3.4.5", "::g", "0x7f000001"] {
      #expect(throws: Errno.invalidArgument) {
        try FileDescriptor.listen(host: host, port: 0).close()
      }
    }
  }

  // MARK: Unix sockets.

  /// Connects to a unix socket.
  private static func connect(path: String) throws -> FileDescriptor {
    let made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = UInt16(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      Foundation.connect(
        made, UnsafeRawPointer($0).assumingMemoryBound(to: sockaddr.self),
        socklen_t(MemoryLayout<sockaddr_un>.size))
    }
    if result != 0 { throw Errno(rawValue: errno) }
    return FileDescriptor(rawValue: made)
  }

  @Test func aUnixSocketCarriesDataBothWays() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/socket"
    var configuration = WASIConfiguration()
    configuration.listeningSockets = [try FileDescriptor.listen(path: path).take()]
    let guest = try Guest(configuration)
    let client = try Self.connect(path: path)
    defer { try? client.close() }
    #expect(guest.call("fd_fdstat_get", Self.listener, 64) == 0)
    // WASI preview1 `filetype`: socket_stream.
    #expect(guest.load(64, as: UInt8.self) == 6)
    #expect(guest.call("sock_accept", Self.listener, 0, 64) == 0)
    guest.store(UInt32(0x8000), at: 0x100)
    guest.store(UInt32(5), at: 0x104)
    guest.store("hello".utf8, at: 0x8000)
    #expect(guest.call("sock_send", Self.connection, 0x100, 1, 0, 64) == 0)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
    defer { buffer.deallocate() }
    #expect(try client.read(into: buffer) == 5)
    try client.writeAll(Array("world".utf8))
    #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 0, 64, 72) == 0)
    #expect(guest.text(at: 0x8000, count: 5) == "world")
  }

  /// A socket that a run before has left behind is replaced; nothing else is.
  @Test func aPathIsTakenOverWhereNobodyListens() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/socket"
    try FileDescriptor.listen(path: path).close()
    let second = try FileDescriptor.listen(path: path)
    let inUse = Errno(rawValue: EADDRINUSE)
    #expect(throws: inUse) { try FileDescriptor.listen(path: path).close() }
    try second.close()
    for name in ["file", "link"] {
      if name == "file" {
        try directory.write(name, "content")
      } else {
        try directory.descriptor.makeSymbolicLink(name, holding: "nowhere")
      }
      #expect(throws: inUse) {
        try FileDescriptor.listen(path: directory.path + "/" + name).close()
      }
    }
    #expect(try directory.contents(of: "file") == "content")
    #expect(throws: Errno.nameTooLong) {
      try FileDescriptor.listen(path: directory.path + "/" + String(repeating: "x", count: 108))
        .close()
    }
    #expect(throws: Errno.noSuchFileOrDirectory) {
      try FileDescriptor.listen(path: directory.path + "/no/socket").close()
    }
  }

  /// A peer cannot hand the guest's process open files.
  @Test func descriptorsThatArePassedAreDropped() throws {
    let directory = try TemporaryDirectory()
    try directory.write("secret", "secret")
    let path = directory.path + "/socket"
    var configuration = WASIConfiguration()
    configuration.listeningSockets = [try FileDescriptor.listen(path: path).take()]
    let guest = try Guest(configuration)
    let program = """
      import array, os, socket, sys
      s = socket.socket(socket.AF_UNIX)
      s.connect(sys.argv[1] + "/socket")
      files = [os.open(sys.argv[1] + "/secret", os.O_RDONLY) for _ in range(3)]
      s.sendmsg([b"hello"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))])
      """
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    python.arguments = ["-c", program, directory.path]
    try python.run()
    #expect(guest.call("sock_accept", Self.listener, 0, 64) == 0)
    python.waitUntilExit()
    let before = try openDescriptorCount(below: directory.path + "/secret")
    guest.store(UInt32(0x8000), at: 0x100)
    guest.store(UInt32(5), at: 0x104)
    #expect(guest.call("sock_recv", Self.connection, 0x100, 1, 0, 64, 72) == 0)
    #expect(guest.text(at: 0x8000, count: 5) == "hello")
    #expect(try openDescriptorCount(below: directory.path + "/secret") == before)
  }
}
