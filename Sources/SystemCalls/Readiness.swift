// Waiting for one descriptor.

import Glibc

extension FileDescriptor {
  /// Waits until something can be read or the other end is closed; false after `milliseconds`. The
  /// corresponding C function is `poll`.
  package func isReadable(within milliseconds: Int32) throws(Errno) -> Bool {
    var interest = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
    return try checked(.poll) { Glibc.poll(&interest, 1, milliseconds) } > 0
  }
}
