// The format of what a warm start needs of a module besides its code: its declarations, decoded
// from few bytes, and its memories as they are at first, in pages ready to be mapped.
//
// A file is: header (256 bytes), records of page runs, the module's skeleton with its name section
// last, padding to a page, pages. All numbers are little-endian. It depends on the module alone, so
// that images of all compilers and options share it.

package import WasmModule

/// The fixed header of a module image. Every field is checked before it is used.
package struct ModuleImageHeader: Sendable, Hashable {
  package static let magic: UInt64 = 0x4D_4E_55_52_4D_53_41_57  // "WASMRUNM"
  package static let byteCount = 256
  /// Changes with the format, and with what counts as a valid module.
  package static let formatVersion: UInt32 = 1

  package typealias Section = CodeImageHeader.Section

  package var fileByteCount: UInt64 = 0
  /// SHA-256 of the whole module.
  package var moduleHash = Hash256()
  package var runs = Section()
  /// The skeleton without its name section, which follows it.
  package var skeleton = Section()
  package var names = Section()
  package var pages = Section()
  /// Over runs and skeleton: checked at each start.
  package var metadataChecksum: UInt64 = 0
  /// Over names and pages: checked by `ModuleImageView.verify` alone.
  package var contentChecksum: UInt64 = 0

  package init() {}
}

/// Pages of a memory that hold something at first. 24 bytes in the file. The runs' pages follow each
/// other in the file's pages.
package struct PageRun: Sendable, Hashable {
  package static let byteCount = 24
  package static let pageByteCount = 4_096

  /// The memory's index among all of the module's.
  package var memory: UInt32
  /// Bytes from the memory's base; a multiple of the page size, as the count is.
  package var offset: UInt64
  package var byteCount: UInt64

  package init(memory: UInt32, offset: UInt64, byteCount: UInt64) {
    self.memory = memory
    self.offset = offset
    self.byteCount = byteCount
  }
}

/// A module image to be written.
package struct ModuleImageContents: Sendable {
  package var moduleHash: Hash256
  package var skeleton: ModuleSkeleton
  package var initialMemory: InitialMemoryPages

  /// Makes the image of a valid module, decoded from `bytes`.
  package init(
    _ module: Module, bytes: UnsafeRawBufferPointer, moduleHash: Hash256
  ) throws(ModuleError) {
    let pages = InitialMemoryPages(module, bytes: bytes)
    self.moduleHash = moduleHash
    skeleton = try module.skeleton(bytes: bytes, withoutActiveData: pages != nil)
    initialMemory = pages ?? InitialMemoryPages()
  }
}
