// Reading clocks and sleeping by them.

import Glibc

/// A clock of the kernel's.
package enum Clock: Sendable {
  /// Nanoseconds since 1970.
  case realtime
  /// Nanoseconds since the machine started; never goes back.
  case monotonic
  /// Processor time that the process used, in nanoseconds.
  case processTime
  /// Processor time that the calling thread used, in nanoseconds.
  case threadTime

  @inline(__always)
  private var identifier: clockid_t {
    switch self {
    case .realtime: CLOCK_REALTIME
    case .monotonic: CLOCK_MONOTONIC
    case .processTime: CLOCK_PROCESS_CPUTIME_ID
    case .threadTime: CLOCK_THREAD_CPUTIME_ID
    }
  }

  /// The time now, in nanoseconds. The corresponding C function is `clock_gettime`, which needs no
  /// kernel call for the first two clocks.
  @inline(__always)
  package func now() throws(Errno) -> UInt64 {
    var time = timespec()
    try checked(.clockGetTime) { clock_gettime(identifier, &time) }
    return UInt64(bitPattern: nanoseconds(time))
  }

  /// The step of the clock, in nanoseconds. The corresponding C function is `clock_getres`.
  package func resolution() throws(Errno) -> UInt64 {
    var time = timespec()
    try checked(.clockGetRes) { clock_getres(identifier, &time) }
    return UInt64(bitPattern: nanoseconds(time))
  }

  /// Sleeps until the clock shows `time` nanoseconds. The corresponding C function is
  /// `clock_nanosleep` with `TIMER_ABSTIME`, which returns its error.
  package func sleep(until time: UInt64) throws(Errno) {
    var until = timespec(
      tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    while true {
      let error = clock_nanosleep(identifier, TIMER_ABSTIME, &until, nil)
      if error == 0 { return }
      if error != EINTR { throw Errno(rawValue: error) }
    }
  }
}
