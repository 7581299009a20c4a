// A module's bytes: read once into memory of our own.

import SystemCalls
import WasmModule

/// The content of a module file. What is hashed, decoded, compiled and run are the same bytes,
/// whatever happens to the file meanwhile; a mapping of it would not promise that.
package final class ModuleFile {
  package let path: String
  /// Valid as long as this object.
  package let bytes: UnsafeRawBufferPointer

  /// Reads the file at `path`; `-` is standard input.
  package init(_ path: String) throws(EngineError) {
    self.path = path
    do throws(Errno) {
      if path == "-" {
        bytes = try Self.readAll(.standardInput)
      } else {
        let file = try FileDescriptor.currentDirectory.open(path, .readOnly)
        bytes = try Self.readAll(file.descriptor)
      }
    } catch {
      throw Self.error(path, error)
    }
  }

  deinit { bytes.deallocate() }

  private static func readAll(_ file: FileDescriptor) throws(Errno) -> UnsafeRawBufferPointer {
    let status = try file.status()
    guard status.kind != .directory else { throw .isDirectory }
    // Pipes and devices do not tell; then the buffer grows as long as bytes come.
    var capacity = status.kind == .regular ? Int(status.byteCount) + 1 : 1 << 16
    guard capacity <= limit else { throw .fileTooLarge }
    var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    var filled = 0
    do throws(Errno) {
      while true {
        let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
        if count == 0 { break }
        filled += count
        guard filled == capacity else { continue }
        capacity *= 2
        guard filled < limit else { throw .fileTooLarge }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
      }
    } catch {
      buffer.deallocate()
      throw error
    }
    return UnsafeRawBufferPointer(rebasing: buffer[..<filled])
  }

  /// One byte more than a module may have, which decoding then refuses.
  private static let limit = ImplementationLimits.moduleByteCount + 1

  private static func error(_ path: String, _ error: Errno) -> EngineError {
    switch error {
    case .noSuchFileOrDirectory, .notDirectory:
      EngineError(.notFound, "cannot open '\(path)'", "\(error)")
    case .isDirectory: .notRunnable(path, "it is a directory, not a WebAssembly module")
    case .fileTooLarge:
      .notRunnable(
        path, "it has more bytes than a module may have (\(ImplementationLimits.moduleByteCount))")
    case .noMemory, .tooManyOpenFiles, .inputOutput:
      EngineError(.failed, "cannot read '\(path)'", "\(error)")
    default: EngineError(.notRunnable, "cannot open '\(path)'", "\(error)")
    }
  }
}
