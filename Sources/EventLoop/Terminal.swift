// Telling terminals from other descriptors.

internal import CUV
package import SystemCalls

extension FileDescriptor {
  /// Whether a terminal is behind the descriptor. The corresponding C function is
  /// `uv_guess_handle`.
  package var isTerminal: Bool { uv_guess_handle(rawValue) == UV_TTY }
}
