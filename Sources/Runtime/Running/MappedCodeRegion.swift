// A code region as the runner has it: what code it holds grows while the guest runs.

import CRuntime
package import CompilerInterface
package import SystemCalls

/// The two files of a code region, open for reading and writing: for those who compile.
package struct CodeRegionFiles: ~Copyable {
  package let region: OwnedDescriptor
  package let requests: OwnedDescriptor

  /// Makes both in memory, all zero. Throws what memfd_create(2) says.
  package init(_ layout: CodeRegionLayout) throws(Errno) {
    let region = try Self.file(named: "wasmrun-code", layout.byteCount)
    let requests = try Self.file(named: "wasmrun-requests", layout.requestsByteCount)
    self.region = region
    self.requests = requests
  }

  private static func file(
    named name: String, _ byteCount: Int
  ) throws(Errno) -> OwnedDescriptor {
    let file = try FileDescriptor.memoryFile(named: name)
    try file.descriptor.truncate(to: Int64(byteCount))
    return file
  }
}

/// A code region and its requests, mapped for a guest: the requests writable, everything else not,
/// the text executable. Immutable but for what the compilers write.
package final class MappedCodeRegion: @unchecked Sendable {
  package let layout: CodeRegionLayout
  private let mapping: VirtualMemory
  private let regionStart: UnsafeMutableRawPointer

  /// Maps `files`, which must be as long as `layout` says. The region is mapped through a descriptor
  /// that cannot write, so that no mprotect(2) makes the mapping writable. Throws what the kernel
  /// says.
  package init(_ layout: CodeRegionLayout, _ files: borrowing CodeRegionFiles) throws(Errno) {
    let readOnly = try FileDescriptor.currentDirectory.open(
      "/proc/self/fd/\(files.region.descriptor.rawValue)", .readOnly)
    let region = readOnly.descriptor
    let requests = files.requests.descriptor
    self.layout = layout
    let distance = layout.requestsByteCount
    mapping = try VirtualMemory(reserving: distance + layout.byteCount)
    regionStart = mapping.start + distance
    try mapping.mapShared(0..<distance, from: requests, fileOffset: 0, .readWrite)
    try mapping.mapShared(
      distance..<distance + layout.text, from: region, fileOffset: 0, .readOnly)
    try mapping.mapShared(
      distance + layout.text..<distance + layout.byteCount, from: region,
      fileOffset: layout.text, .executable)
    guard
      wasmrun_code_add_region(
        textAddress, UInt(textByteCount), UnsafePointer(OpaquePointer(regionStart)))
    else { throw .noMemory }
  }

  deinit { wasmrun_ranges_remove(WASMRUN_CODE, textAddress) }

  /// The pipe's end by which this process learns that the compiler has gone.
  package func setLifeDescriptor(_ descriptor: FileDescriptor) {
    SharedWord(mapping.start + CodeRegionLayout.lifeDescriptor).value32 =
      UInt32(bitPattern: descriptor.rawValue)
  }

  package var textAddress: UInt { UInt(bitPattern: regionStart) + UInt(layout.text) }
  var textByteCount: Int { layout.byteCount - layout.text }

  private func word(_ offset: Int) -> SharedWord { SharedWord(regionStart + offset) }

  // MARK: Readiness.

  /// Waits until stubs and thunks are there; false where they never will be, which `isCompilerGone`
  /// can decide, too.
  package func waitUntilReady(isCompilerGone: () -> Bool) -> Bool {
    while true {
      let publications = word(CodeRegionLayout.publications)
      let seen = publications.value32
      switch word(CodeRegionLayout.state).value32 {
      case CodeRegionState.ready: return true
      case CodeRegionState.preparing:
        if isCompilerGone() { return false }
        publications.wait(while: seen, nanoseconds: 5_000_000)
      default: return false
      }
    }
  }

  // MARK: Places.

  /// The address that references to defined function `index` hold.
  func tableEntry(_ index: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(regionStart) + layout.text + CodeRegionLayout.tableEntry(index)
  }

  /// The entry thunk of type `index`, or with `isHost` its host thunk; nil where there is none.
  func thunk(_ index: Int, isHost: Bool) -> UnsafeRawPointer? {
    guard index < layout.typeCount else { return nil }
    let offset = Int(word(layout.thunks + index * 8 + (isHost ? 4 : 0)).value32)
    guard offset > 0, offset < textByteCount else { return nil }
    return UnsafeRawPointer(regionStart) + layout.text + offset
  }

  /// The defined function whose code holds the text offset `offset`; nil for thunks.
  func definedFunction(at offset: UInt) -> Int? {
    let stub = Int(offset) / CodeRegionLayout.stubByteCount
    if stub < layout.functionCount { return stub }
    for stage in CodeStage.allCases {
      let count = Int(word(CodeRegionLayout.logCounts + stage.rawValue * 4).value32)
      if let function = search(layout.logs[stage.rawValue], count, UInt32(offset)) {
        return function
      }
    }
    return nil
  }

  private func search(_ log: Int, _ count: Int, _ offset: UInt32) -> Int? {
    var low = 0
    var high = min(count, layout.functionCount + layout.loopCapacity + 2)
    while low < high {
      let middle = (low + high) / 2
      if word(log + middle * CodeRecord.byteCount + 4).value32 <= offset {
        low = middle + 1
      } else {
        high = middle
      }
    }
    let record = log + low * CodeRecord.byteCount
    guard low < count, word(record).value32 <= offset else { return nil }
    let function = Int(word(record + 8).value32)
    return function < layout.functionCount ? function : nil
  }

  // MARK: What has come of it.

  /// Functions that the compilers have made code for: by the baseline compiler, and by LLVM.
  package var publishedCounts: (baseline: Int, optimized: Int) {
    (
      Int(word(CodeRegionLayout.logCounts).value32),
      Int(word(CodeRegionLayout.logCounts + 4).value32)
    )
  }
}
