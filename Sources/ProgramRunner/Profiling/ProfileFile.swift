// A file that tells a profiler which machine code is of which function.
//
// perf knows two forms. A map lists addresses and names; perf looks at it for anonymous memory alone,
// which ours never is, but other tools take it for all. A dump has the code itself besides, and
// `perf inject --jit` makes ELF files of it, whatever memory the code was in.

import SystemCalls
import WasmRuntime

/// The form of a profiler's file.
package enum ProfileFormat: String, CaseIterable, Sendable {
  /// `/tmp/perf-PID.map`.
  case perfmap
  /// `jit-PID.dump`, in the working directory.
  case jitdump
}

/// The file, opened before the process is locked down, of the process that made this.
struct ProfileFile: Sendable {
  private let format: ProfileFormat
  let descriptor: FileDescriptor
  private let processID: UInt32
  /// When a region's code is said to have been there from: code never moves, and its place is never
  /// used again, so that one time is right for all.
  private let start: UInt64

  init(_ format: ProfileFormat) throws(RunnerError) {
    self.format = format
    processID = UInt32(ProcessEnvironment.processID)
    let path =
      format == .perfmap ? "/tmp/perf-\(processID).map" : "jit-\(processID).dump"
    do throws(Errno) {
      start = try Clock.monotonic.now()
      descriptor = try Self.create(path)
      if format == .jitdump {
        try descriptor.writeAll(Self.header(processID, start))
        // perf finds the file by this mapping, which need not last.
        _ = try VirtualMemory(
          mappingCode: descriptor, byteCount: VirtualMemory.pageByteCount)
      }
    } catch {
      throw RunnerError(.failed, "cannot write the profile '\(path)'", "\(error)")
    }
  }

  /// A new file, in the place of one that an earlier process of this number has left.
  private static func create(_ path: String) throws(Errno) -> FileDescriptor {
    let here = FileDescriptor.currentDirectory
    let flags: OpenFlags = [.readWrite, .create, .exclusive, .noFollow]
    do throws(Errno) {
      return try here.open(path, flags, permissions: 0o644).take()
    } catch .fileExists {
      try here.unlink(path)
      return try here.open(path, flags, permissions: 0o644).take()
    }
  }

  // MARK: Writing.

  /// A function's code, at an address of the guest's process.
  struct Entry {
    let label: String
    let address: UInt64
    let code: UnsafeRawBufferPointer
  }

  /// Appends entries, of code that was there from `time` on, where it is no region's. `file` is the
  /// descriptor as the calling process has it. Nobody is told of errors: the run does not depend on
  /// it.
  func add(_ entries: some Sequence<Entry>, since time: UInt64? = nil, to file: FileDescriptor) {
    var bytes: [UInt8] = []
    for entry in entries where !entry.code.isEmpty {
      switch format {
      case .perfmap: bytes += Self.line(entry)
      case .jitdump: bytes += record(entry, time ?? start)
      }
      guard bytes.count >= 1 << 16 else { continue }
      try? file.writeAll(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
    try? file.writeAll(bytes)
  }

  private static func line(_ entry: Entry) -> [UInt8] {
    let address = String(entry.address, radix: 16)
    return Array("\(address) \(String(entry.code.count, radix: 16)) \(entry.label)\n".utf8)
  }

  /// Appends the functions of an image; does nothing for a region, whose compilers write them.
  ///
  /// perf lets what it saw being mapped later hide what was there before. So the time of an image is
  /// that after its file was mapped; mappings of memory files, which regions are, perf leaves out.
  func add(_ module: Module, library: String?) {
    let labels = FunctionLabels(module, library: library)
    add(
      module.functionCode.lazy.map { function in
        Entry(
          label: labels[function.index],
          address: UInt64(UInt(bitPattern: function.code.baseAddress)), code: function.code)
      }, since: try? Clock.monotonic.now(), to: descriptor)
  }

  // MARK: The dump. Format: jitdump-specification.txt of perf.

  private static let dumpMagic: UInt32 = 0x4A69_5444
  private static let dumpVersion: UInt32 = 1
  private static let dumpHeaderByteCount: UInt32 = 40
  private static let machine: UInt32 = 62
  private static let codeLoad: UInt32 = 0

  private static func header(_ processID: UInt32, _ start: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in [dumpMagic, dumpVersion, dumpHeaderByteCount, machine, 0, processID] {
      bytes.append(word)
    }
    bytes.append(start)
    bytes.append(UInt64(0))
    return bytes
  }

  private func record(_ entry: Entry, _ time: UInt64) -> [UInt8] {
    let name = Array(entry.label.utf8) + [0]
    let fixedByteCount = 56
    var bytes: [UInt8] = []
    bytes.reserveCapacity(fixedByteCount + name.count + entry.code.count)
    bytes.append(Self.codeLoad)
    bytes.append(UInt32(fixedByteCount + name.count + entry.code.count))
    bytes.append(time)
    // The process, and its first thread.
    bytes.append(processID)
    bytes.append(processID)
    bytes.append(entry.address)
    bytes.append(entry.address)
    bytes.append(UInt64(entry.code.count))
    // The number that perf names its file of this code by: no two may be the same.
    bytes.append(entry.address)
    return bytes + name + entry.code
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ value: UInt32) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func append(_ value: UInt64) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
