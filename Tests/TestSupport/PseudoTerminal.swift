// A terminal for tests: what is written to it are keys, what is read from it is the screen.

import Glibc
package import SystemCalls

/// A pseudo-terminal that is nobody's controlling terminal until a session's leader opens `path`.
package final class PseudoTerminal {
  /// The side of whoever types and reads.
  package let controller: FileDescriptor
  /// The terminal's own side, open for reading and writing.
  package let terminal: FileDescriptor
  package let path: String

  package init() throws {
    controller = try FileDescriptor.currentDirectory.open("/dev/ptmx", .readWrite).take()
    path = try Self.unlock(controller)
    terminal = try FileDescriptor.currentDirectory.open(path, .readWrite).take()
    try controller.setStatusFlags(try controller.statusFlags().union(.nonBlocking))
  }

  /// Makes the terminal of a controller usable; its path.
  private static func unlock(_ controller: FileDescriptor) throws -> String {
    // TIOCSPTLCK and TIOCGPTN, which Swift's view of the headers has not.
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard ioctl(controller.rawValue, 0x4004_5431, &lock) == 0,
      ioctl(controller.rawValue, 0x8004_5430, &number) == 0
    else { throw Errno.last }
    return "/dev/pts/\(number)"
  }

  deinit {
    try? controller.close()
    try? terminal.close()
  }

  /// Types characters; the terminal makes signals of some.
  package func type(_ keys: String) throws { try controller.writeAll(Array(keys.utf8)) }

  /// What has come onto the screen once `text` is among it; all there is after ten seconds without.
  package func screen(with text: String) throws -> String {
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
    defer { buffer.deallocate() }
    for _ in 0..<1_000 {
      // Nothing is there yet.
      if let count = try? controller.read(into: buffer) {
        bytes += buffer[..<count]
      } else {
        usleep(10_000)
      }
      let shown = String(decoding: bytes, as: UTF8.self)
      if shown.contains(text) { return shown }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The modes, to be compared: echo, signals, lines.
  package func modes() throws -> [UInt32] {
    var modes = termios()
    guard tcgetattr(terminal.rawValue, &modes) == 0 else { throw Errno.last }
    return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
  }
}
