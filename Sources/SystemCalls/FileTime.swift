// The times that a file can be given.

import Glibc

/// A file's new access or modification time.
package enum FileTime: Sendable {
  case unchanged
  case now
  /// Nanoseconds since 1970.
  case nanoseconds(UInt64)

  var timespec: Glibc.timespec {
    switch self {
    // UTIME_OMIT and UTIME_NOW of <sys/stat.h>, which Swift does not see.
    case .unchanged: Glibc.timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)
    case .now: Glibc.timespec(tv_sec: 0, tv_nsec: (1 << 30) - 1)
    case .nanoseconds(let time):
      Glibc.timespec(
        tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    }
  }
}

/// Shows a pair of times as the array that C wants.
func withFileTimes(
  _ times: (timespec, timespec), _ body: (UnsafePointer<timespec>) throws(Errno) -> Void
) throws(Errno) {
  try withUnsafePointer(to: times) { pair throws(Errno) in
    try body(UnsafeRawPointer(pair).assumingMemoryBound(to: timespec.self))
  }
}
