// Address space: reserving it, making parts of it memory, mapping files into it.

import CSystem
import Glibc

/// A range of address space with one owner, given back with it.
package struct VirtualMemory: ~Copyable, @unchecked Sendable {
  package let start: UnsafeMutableRawPointer
  /// A multiple of the page size.
  package let byteCount: Int

  /// Bytes of a page of the processor.
  package static let pageByteCount = 4_096

  /// `byteCount` rounded up to whole pages; nil where that is no number.
  package static func roundedToPages(_ byteCount: Int) -> Int? {
    let (sum, overflow) = byteCount.addingReportingOverflow(pageByteCount - 1)
    return overflow ? nil : sum & ~(pageByteCount - 1)
  }

  /// Reserves at least `byteCount` bytes that cannot be accessed yet and cost nothing. Throws
  /// `.noMemory` where the address space is limited (`ulimit -v`) or full. The corresponding C
  /// function is `mmap` with `PROT_NONE`.
  package init(reserving byteCount: Int) throws(Errno) {
    guard let rounded = Self.roundedToPages(byteCount) else { throw .noMemory }
    start = try Self.map(
      nil, rounded, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    self.byteCount = rounded
  }

  /// Maps a whole file of `byteCount` bytes, read-only and private. The corresponding C function is
  /// `mmap`.
  package init(mapping file: FileDescriptor, byteCount: Int) throws(Errno) {
    guard byteCount > 0, let rounded = Self.roundedToPages(byteCount) else {
      throw .invalidArgument
    }
    start = try Self.map(nil, byteCount, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
    self.byteCount = rounded
  }

  /// Makes a part readable and writable, at first all zero. Both ends must be at pages. The
  /// corresponding C function is `mprotect`.
  package func commit(_ range: Range<Int>) throws(Errno) {
    try checkPages(range)
    guard !range.isEmpty else { return }
    try checked(.mprotect) {
      mprotect(start + range.lowerBound, range.count, PROT_READ | PROT_WRITE)
    }
  }

  /// Puts a part of `file` in the place of a part of this range, readable and executable, never
  /// writable. Start and `fileOffset` must be at pages. The corresponding C function is `mmap` with
  /// `MAP_FIXED`.
  package func mapCode(
    _ range: Range<Int>, from file: FileDescriptor, fileOffset: Int
  ) throws(Errno) {
    guard let end = Self.roundedToPages(range.upperBound) else { throw .invalidArgument }
    try checkPages(range.lowerBound..<end)
    guard !range.isEmpty else { return }
    _ = try Self.map(
      start + range.lowerBound, range.count, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED,
      file.rawValue, fileOffset)
  }

  deinit {
    // munmap(2) fails only for ranges that were never mapped like this, or where splitting a
    // neighbour's mapping takes one too many; then the range stays unused.
    _ = munmap(start, byteCount)
  }

  private func checkPages(_ range: Range<Int>) throws(Errno) {
    guard range.lowerBound >= 0, range.upperBound <= byteCount,
      range.lowerBound % Self.pageByteCount == 0, range.upperBound % Self.pageByteCount == 0
    else { throw .invalidArgument }
  }

  private static func map(
    _ place: UnsafeMutableRawPointer?, _ byteCount: Int, _ protection: Int32, _ flags: Int32,
    _ file: Int32, _ offset: Int
  ) throws(Errno) -> UnsafeMutableRawPointer {
    var mapped: UnsafeMutableRawPointer?
    try checked(.mmap) {
      mapped = mmap(place, byteCount, protection, flags, file, offset)
      return Int(bitPattern: mapped) == -1 ? -1 : 0
    }
    // mmap(2) gives no page at address 0 to who does not ask for it.
    guard let mapped else { throw .noMemory }
    return mapped
  }
}

extension FileDescriptor {
  /// Forbids for ever that the content of a memory file is changed: nobody may write to it, map it
  /// writable, grow or shrink it. Throws `.deviceBusy` while somebody has it mapped writable. The
  /// corresponding C function is `fcntl` with `F_ADD_SEALS`.
  package func seal() throws(Errno) {
    _ = try fcntl(wasmrun_f_add_seals, wasmrun_content_seals)
  }

  /// A new file that lives in memory only, closed on exec. `name` is for `/proc` alone. The
  /// corresponding C function is `memfd_create`.
  package static func memoryFile(named name: String) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(
      FileDescriptor(
        rawValue: try checked(.memfdCreate) {
          wasmrun_memfd_create(name)
        }))
  }
}
