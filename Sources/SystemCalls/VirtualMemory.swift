// Address space: reserving it, making parts of it memory, mapping files into it.

import CSystem
import Glibc

/// A range of address space with one owner, given back with it.
package struct VirtualMemory: ~Copyable, @unchecked Sendable {
  package let start: UnsafeMutableRawPointer
  /// A multiple of the page size.
  package let byteCount: Int
  /// What was mapped, which can begin before `start`.
  private let mapping: (start: UnsafeMutableRawPointer, byteCount: Int)

  /// Bytes of a page of the processor.
  package static let pageByteCount = 4_096
  /// Bytes of a huge page.
  package static let hugePageByteCount = 2 << 20

  /// `byteCount` rounded up to whole pages; nil where that is no number.
  package static func roundedToPages(_ byteCount: Int) -> Int? {
    let (sum, overflow) = byteCount.addingReportingOverflow(pageByteCount - 1)
    return overflow ? nil : sum & ~(pageByteCount - 1)
  }

  /// Reserves at least `byteCount` bytes that cannot be accessed yet and cost nothing, from a
  /// multiple of `alignment` on (a power of two, at least a page). Throws `.noMemory` where the
  /// address space is limited (`ulimit -v`) or full. The corresponding C function is `mmap` with
  /// `PROT_NONE`.
  package init(reserving byteCount: Int, alignment: Int = pageByteCount) throws(Errno) {
    guard let rounded = Self.roundedToPages(byteCount), rounded <= .max - alignment else {
      throw .noMemory
    }
    let whole = rounded + alignment - Self.pageByteCount
    let place = try Self.map(
      nil, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    mapping = (place, whole)
    start = place.alignedUp(toMultipleOf: alignment)
    self.byteCount = rounded
  }

  /// Maps a whole file of `byteCount` bytes, read-only and private. The corresponding C function is
  /// `mmap`.
  package init(mapping file: FileDescriptor, byteCount: Int) throws(Errno) {
    try self.init(file, 0, byteCount, PROT_READ)
  }

  /// Maps the first `byteCount` bytes of a file, to read and to execute, private. The corresponding C
  /// function is `mmap`.
  package init(mappingCode file: FileDescriptor, byteCount: Int) throws(Errno) {
    try self.init(file, 0, byteCount, PROT_READ | PROT_EXEC)
  }

  /// Maps a part of a file so that writing changes this mapping alone: a page that is written to is
  /// copied then. `fileOffset` must be at a page. The corresponding C function is `mmap`.
  package init(
    mappingForWriting file: FileDescriptor, at fileOffset: Int, byteCount: Int
  ) throws(Errno) {
    try self.init(file, fileOffset, byteCount, PROT_READ | PROT_WRITE)
  }

  private init(
    _ file: FileDescriptor, _ fileOffset: Int, _ byteCount: Int, _ protection: Int32
  ) throws(Errno) {
    guard byteCount > 0, let rounded = Self.roundedToPages(byteCount) else {
      throw .invalidArgument
    }
    start = try Self.map(nil, byteCount, protection, MAP_PRIVATE, file.rawValue, fileOffset)
    self.byteCount = rounded
    mapping = (start, rounded)
  }

  /// Moves all of this range, content and protection, into the place of a part of `target`, which
  /// must be at a page. The corresponding C function is `mremap`.
  package consuming func move(to target: borrowing VirtualMemory, at offset: Int) throws(Errno) {
    let (source, byteCount) = (start, byteCount)
    do throws(Errno) {
      try target.checkPages(offset..<offset + byteCount)
      let place = target.start + offset
      try checked(.mremap) { wasmrun_move_pages(source, byteCount, place) }
    } catch {
      _ = consume self
      throw error
    }
    // It is the target's now.
    discard self
  }

  /// Maps `byteCount` bytes of `file` readable and writable, shared with all others who map it. The
  /// corresponding C function is `mmap` with `MAP_SHARED`.
  package init(sharing file: FileDescriptor, byteCount: Int) throws(Errno) {
    guard byteCount > 0, let rounded = Self.roundedToPages(byteCount) else {
      throw .invalidArgument
    }
    start = try Self.map(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, file.rawValue, 0)
    self.byteCount = rounded
    mapping = (start, rounded)
  }

  /// How a part of a shared file is mapped.
  package enum Sharing: Sendable {
    case readOnly
    case readWrite
    case executable

    fileprivate var protection: Int32 {
      switch self {
      case .readOnly: PROT_READ
      case .readWrite: PROT_READ | PROT_WRITE
      case .executable: PROT_READ | PROT_EXEC
      }
    }
  }

  /// Puts a part of `file`, shared with all others who map it, in the place of a part of this range.
  /// All bounds must be at pages. The corresponding C function is `mmap` with `MAP_SHARED` and
  /// `MAP_FIXED`.
  package func mapShared(
    _ range: Range<Int>, from file: FileDescriptor, fileOffset: Int, _ sharing: Sharing
  ) throws(Errno) {
    try checkPages(range)
    guard !range.isEmpty else { return }
    _ = try Self.map(
      start + range.lowerBound, range.count, sharing.protection, MAP_SHARED | MAP_FIXED,
      file.rawValue, fileOffset)
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

  /// Lets the kernel back a part, which it may widen to whole pages, with huge pages. Only a hint:
  /// a kernel without them goes on as before. The corresponding C function is `madvise` with
  /// `MADV_HUGEPAGE`.
  package func preferHugePages(_ range: Range<Int>) {
    let first = range.lowerBound & ~(Self.pageByteCount - 1)
    _ = madvise(start + first, min(range.upperBound, byteCount) - first, MADV_HUGEPAGE)
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
    _ = munmap(mapping.start, mapping.byteCount)
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
