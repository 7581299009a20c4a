// The one error of this layer's own.

internal import SystemCalls

extension Errno {
  /// What was asked for lies outside of what was granted, or a right to it is missing. POSIX has no
  /// such error and the kernel's end at 4,095; preview 1 calls it `notcapable`.
  static let notCapable = Errno(rawValue: 4_096)
}
