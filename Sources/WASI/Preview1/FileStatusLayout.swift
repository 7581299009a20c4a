// How a file's status is laid out in guest memory.

internal import SystemCalls

/// WASI preview1 `filetype`.
enum FileType {
  static let unknown: UInt8 = 0
  static let blockDevice: UInt8 = 1
  static let characterDevice: UInt8 = 2
  static let directory: UInt8 = 3
  static let regularFile: UInt8 = 4
  static let streamSocket: UInt8 = 6
  static let symbolicLink: UInt8 = 7

  static func number(of kind: FileKind?) -> UInt8 {
    switch kind {
    case .regular: regularFile
    case .directory: directory
    case .symbolicLink: symbolicLink
    case .characterDevice: characterDevice
    case .blockDevice: blockDevice
    case .socket: streamSocket
    case .pipe, .other, nil: unknown
    }
  }

  static func number(of kind: DescriptorKind) -> UInt8 {
    switch kind {
    case .regular: regularFile
    case .directory: directory
    case .device, .terminal: characterDevice
    case .socket: streamSocket
    case .pipe, .closed: unknown
    }
  }
}

/// The offsets in `filestat`, which the older preview has narrower links and so all else closer.
struct FileStatusLayout {
  let byteCount: Int
  let linkCountOffset: Int
  let linkCountIsNarrow: Bool
  let sizeOffset: Int

  static let snapshot = FileStatusLayout(
    byteCount: 64, linkCountOffset: 24, linkCountIsNarrow: false, sizeOffset: 32)
  static let unstable = FileStatusLayout(
    byteCount: 56, linkCountOffset: 20, linkCountIsNarrow: true, sizeOffset: 24)

  /// Stores a status into `byteCount` bytes; what is between the fields becomes zero.
  func store(_ status: FileStatus, into bytes: UnsafeMutableRawBufferPointer) {
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    bytes.store(status.device, at: 0)
    bytes.store(status.inode, at: 8)
    bytes.store(FileType.number(of: status.kind), at: 16)
    if linkCountIsNarrow {
      bytes.store(UInt32(clamping: status.linkCount), at: linkCountOffset)
    } else {
      bytes.store(status.linkCount, at: linkCountOffset)
    }
    bytes.store(UInt64(bitPattern: status.byteCount), at: sizeOffset)
    bytes.store(UInt64(bitPattern: status.accessTime), at: sizeOffset + 8)
    bytes.store(UInt64(bitPattern: status.modificationTime), at: sizeOffset + 16)
    bytes.store(UInt64(bitPattern: status.changeTime), at: sizeOffset + 24)
  }
}
