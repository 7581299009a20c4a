// Sockets: listening, taking connections, and their data where it is not read and written as a
// file's.

import CSystem
import Glibc

extension FileDescriptor {
  /// A TCP socket that listens on `port` (0: one that is free) of `host`, an address in digits.
  /// Throws `.invalidArgument` where `host` is none, and what socket(2), bind(2) and listen(2) say.
  package static func listen(host: String, port: UInt16) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(
      FileDescriptor(rawValue: try checked(.listen) { wasmrun_listen(host, port) }))
  }

  /// A unix socket that listens at `path`, in the place of one that nobody listens on any more.
  /// Throws `.nameTooLong` beyond 107 bytes, and what socket(2), bind(2) and listen(2) say.
  package static func listen(path: UnsafePointer<CChar>) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(
      FileDescriptor(rawValue: try checked(.listen) { wasmrun_listen_unix(path) }))
  }

  /// The port that a socket listens on. The corresponding C function is `getsockname`.
  package func socketPort() throws(Errno) -> UInt16 {
    UInt16(truncatingIfNeeded: try checked(.listen) { wasmrun_socket_port(rawValue) })
  }

  /// Takes the next connection. The corresponding C function is `accept4`.
  package func accept(nonBlocking isNonBlocking: Bool) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(
      FileDescriptor(
        rawValue: try checked(.accept) { wasmrun_accept(rawValue, isNonBlocking ? 1 : 0) }))
  }

  /// Ends reading, writing, or both. The corresponding C function is `shutdown`.
  package func shutDown(reading: Bool, writing: Bool) throws(Errno) {
    let how = reading && writing ? SHUT_RDWR : reading ? SHUT_RD : SHUT_WR
    try checked(.shutdown) { shutdown(rawValue, Int32(how)) }
  }

  /// Fills `count` buffers at `buffers`, laid out as `struct iovec`; says how many bytes, 0 at the
  /// connection's end, and whether a datagram was cut off. The corresponding C function is
  /// `recvmsg`.
  package func receive(
    into buffers: UnsafeRawPointer, count: Int, peeking: Bool, waitingForAll: Bool
  ) throws(Errno) -> (byteCount: Int, isTruncated: Bool) {
    var isTruncated: Int32 = 0
    let byteCount = try checked(.recvmsg) {
      wasmrun_receive(
        rawValue, buffers, count, peeking ? 1 : 0, waitingForAll ? 1 : 0, &isTruncated)
    }
    return (byteCount, isTruncated != 0)
  }

  /// Sends `count` buffers at `buffers`, laid out as `struct iovec`; says how many bytes. Throws
  /// `.brokenPipe` where nobody receives any more, without the signal. The corresponding C function
  /// is `sendmsg`.
  package func send(_ buffers: UnsafeRawPointer, count: Int) throws(Errno) -> Int {
    try checked(.sendmsg) { wasmrun_send(rawValue, buffers, count) }
  }
}
