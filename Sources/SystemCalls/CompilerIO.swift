// What a compiler program needs of the kernel: its module, its reports, its end.

import Glibc

/// A module's file, mapped.
package struct MappedModule: ~Copyable {
  private let memory: VirtualMemory
  private let byteCount: Int

  /// Maps all of `file`, which must not change: a sealed memory file. Throws `.invalidArgument` for
  /// an empty one.
  package init(_ file: FileDescriptor) throws(Errno) {
    let byteCount = Int(try file.status().byteCount)
    let memory = try VirtualMemory(mapping: file, byteCount: byteCount)
    self.byteCount = byteCount
    self.memory = memory
  }

  /// The file's bytes, for as long as this value lives.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: memory.start, count: byteCount)
  }
}

extension FileDescriptor {
  /// Writes all of `bytes` at the file's offset.
  package func writeAll(_ bytes: [UInt8]) throws(Errno) {
    // The closure's own error type is lost on the way through the standard library.
    let failure: Errno? = bytes.withUnsafeBytes { buffer in
      do throws(Errno) {
        try writeAll(buffer)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Writes `line` and the end of it, at once.
  package func writeLine(_ line: String) throws(Errno) {
    try writeAll(Array("\(line)\n".utf8))
  }
}
