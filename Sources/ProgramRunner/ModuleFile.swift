// A module's bytes: read once into memory of our own, and translated where they are text.

package import SystemCalls
import WasmModule
import WasmText

/// The content of a module file, in the binary format. What is hashed, decoded, compiled and run
/// are the same bytes, whatever happens to the file meanwhile; a mapping of it would not promise
/// that.
package final class ModuleFile {
  package let path: OSString
  /// Valid as long as this object.
  package let bytes: UnsafeRawBufferPointer
  /// The file's status while it was read; nil where it is no file of its own, or changed meanwhile.
  let status: FileStatus?
  private let memory: VirtualMemory

  /// Reads the file at `path`; `-` is standard input.
  package convenience init(_ path: OSString) throws(RunnerError) {
    try self.init(try OpenedModule(path))
  }

  /// Reads a file.
  init(_ opened: borrowing OpenedModule) throws(RunnerError) {
    path = opened.path
    var content: Content
    do throws(Errno) {
      content = try Self.readAll(opened.descriptor)
      status = opened.unchangedStatus(of: content.byteCount)
    } catch {
      throw Self.error(path, error)
    }
    if Self.isText(content, path) { content = try Self.translated(content, path) }
    bytes = content.bytes
    memory = content.memory
  }

  private struct Content: ~Copyable {
    var memory: VirtualMemory
    var byteCount: Int

    /// Valid as long as the memory.
    var bytes: UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(start: memory.start, count: byteCount)
    }
  }

  // MARK: Text.

  private static func isText(_ content: borrowing Content, _ path: OSString) -> Bool {
    let bytes = content.bytes
    return WasmText.isText(bytes)
      || path.bytes.suffix(4).elementsEqual(".wat".utf8) && !bytes.starts(with: "\0asm".utf8)
  }

  /// The module that a text means. All that follows sees only that.
  private static func translated(
    _ content: borrowing Content, _ path: OSString
  ) throws(RunnerError) -> Content {
    let module: [UInt8]
    do throws(TextError) {
      module = try WasmText.module(from: content.bytes)
    } catch {
      throw RunnerError(
        .notRunnable, "\(path):\(error.line):\(error.column)", error.message, hint: error.hint)
    }
    do throws(Errno) {
      let memory = try room(module.count)
      UnsafeMutableRawBufferPointer(start: memory.start, count: memory.byteCount)
        .copyBytes(from: module)
      return Content(memory: memory, byteCount: module.count)
    } catch {
      throw Self.error(path, error)
    }
  }

  // MARK: Reading.

  private static func readAll(_ file: FileDescriptor) throws(Errno) -> Content {
    let status = try file.status()
    guard status.kind != .directory else { throw .isDirectory }
    // Pipes and devices do not tell; then the room grows as long as bytes come. One byte more than
    // the file has lets the end be seen without growing.
    let expected = status.kind == .regular ? Int(status.byteCount) + 1 : 1 << 16
    guard expected <= limit else { throw .fileTooLarge }
    var content = Content(memory: try room(expected), byteCount: 0)
    while true {
      let rest = UnsafeMutableRawBufferPointer(
        start: content.memory.start + content.byteCount,
        count: content.memory.byteCount - content.byteCount)
      let count = try file.read(into: rest)
      if count == 0 { return content }
      content.byteCount += count
      guard count == rest.count else { continue }
      guard content.byteCount < limit else { throw .fileTooLarge }
      let larger = try room(min(content.byteCount * 2, limit))
      larger.start.copyMemory(from: content.memory.start, byteCount: content.byteCount)
      content.memory = larger
    }
  }

  /// Memory for `byteCount` bytes or more. A huge page costs one fault instead of 512, which is
  /// 15 ms of the 62 ms that CPython took to start.
  private static func room(_ byteCount: Int) throws(Errno) -> VirtualMemory {
    let isLarge = byteCount >= 2 * VirtualMemory.hugePageByteCount
    let memory = try VirtualMemory(
      reserving: byteCount,
      alignment: isLarge ? VirtualMemory.hugePageByteCount : VirtualMemory.pageByteCount)
    try memory.commit(0..<memory.byteCount)
    if isLarge { memory.preferHugePages(0..<memory.byteCount) }
    return memory
  }

  /// One byte more than a module may have, which decoding then refuses.
  private static let limit = ImplementationLimits.moduleByteCount + 1

  fileprivate static func error(_ path: OSString, _ error: Errno) -> RunnerError {
    switch error {
    case .noSuchFileOrDirectory, .notDirectory:
      RunnerError(.notFound, "cannot open '\(path)'", "\(error)")
    case .isDirectory: .notRunnable(path, "it is a directory, not a WebAssembly module")
    case .fileTooLarge:
      .notRunnable(
        path, "it has more bytes than a module may have (\(ImplementationLimits.moduleByteCount))")
    case .noMemory, .tooManyOpenFiles, .inputOutput:
      RunnerError(.failed, "cannot read '\(path)'", "\(error)")
    default: RunnerError(.notRunnable, "cannot open '\(path)'", "\(error)")
    }
  }
}

/// A module's file, opened and not read yet.
struct OpenedModule: ~Copyable {
  let path: OSString
  let descriptor: FileDescriptor
  /// Closes it; nil for standard input, which is not ours to close.
  private let owner: OwnedDescriptor?
  /// nil for standard input, which may be read from anywhere on.
  let status: FileStatus?

  /// Opens the file at `path`; `-` is standard input.
  init(_ path: OSString) throws(RunnerError) {
    self.path = path
    guard path != "-" else {
      descriptor = .standardInput
      owner = nil
      status = nil
      return
    }
    do throws(Errno) {
      let file = try FileDescriptor.currentDirectory.open(path.cString, .readOnly)
      status = try file.descriptor.status()
      descriptor = file.descriptor
      owner = consume file
    } catch {
      throw ModuleFile.error(path, error)
    }
  }

  /// The status, if the file has still the same and `byteCount` bytes.
  func unchangedStatus(of byteCount: Int) -> FileStatus? {
    guard let status, status.byteCount == Int64(byteCount), let now = try? descriptor.status(),
      now.byteCount == status.byteCount, now.modificationTime == status.modificationTime,
      now.changeTime == status.changeTime
    else { return nil }
    return status
  }
}
