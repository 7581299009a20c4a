// Fields without code: imports, exports, tags, memories, the start function. Spec: core 3.0 §6.6.

extension ModuleParser {
  /// The index of the next thing in `space` to be encoded.
  mutating func takeNextIndex(_ space: IndexSpace) -> UInt32 {
    defer { nextIndex[space.rawValue] += 1 }
    return nextIndex[space.rawValue]
  }

  // MARK: Imports.

  /// `(import "module" "name" (kind id? type))`
  mutating func parseImport() throws(SourceError) {
    try parseImportNames()
    // Declaring has checked what comes.
    guard let space = Self.importedSpace(keyword(at: cursor + 1)) else {
      throw expected("what is imported")
    }
    cursor += 2
    let index = takeNextIndex(space)
    _ = try takeName()
    try parseImportedType(space, index)
    try expectClose()
  }

  private mutating func parseImportNames() throws(SourceError) {
    sections[.import].count += 1
    sections[.import].bytes.appendSized(try takeNameString("a module's name"))
    sections[.import].bytes.appendSized(try takeNameString("the name of an import"))
  }

  private mutating func parseImportedType(
    _ space: IndexSpace, _ index: UInt32
  ) throws(SourceError) {
    switch space {
    case .function:
      scope.begin(function: index)
      let use = try takeTypeUse(.locals)
      sections[.import].bytes.append(0x00)
      sections[.import].bytes.appendUnsigned(use.index)
    case .table:
      let type = try takeTableType()
      sections[.import].bytes.append(0x01)
      sections[.import].bytes += type
    case .memory:
      let limits = try takeMemoryType()
      sections[.import].bytes.append(0x02)
      sections[.import].bytes += limits.encoded
    case .global:
      let type = try takeGlobalType()
      sections[.import].bytes.append(0x03)
      sections[.import].bytes += type
    default:
      let use = try takeTypeUse(.ignored)
      sections[.import].bytes += [0x04, 0x00]
      sections[.import].bytes.appendUnsigned(use.index)
    }
  }

  /// What a field that can be imported begins with: `id? (export "name")*`, and maybe
  /// `(import "module" "name")` with a type, which is then all. Returns the index, or nil for an
  /// import.
  mutating func parseImportable(_ space: IndexSpace) throws(SourceError) -> UInt32? {
    _ = try takeName()
    let index = takeNextIndex(space)
    while takeOpen(.export) != nil {
      addExport(try takeNameString("an export's name"), space, index)
      try expectClose()
    }
    guard takeOpen(.import) != nil else { return index }
    try parseImportNames()
    try expectClose()
    try parseImportedType(space, index)
    return nil
  }

  // MARK: Exports and the start function.

  /// `(export "name" (kind index))`
  mutating func parseExport() throws(SourceError) {
    let name = try takeNameString("an export's name")
    guard current.kind == .open, let space = Self.importedSpace(keyword(at: cursor + 1)) else {
      throw expected("what is exported, such as '(func …)'")
    }
    cursor += 2
    addExport(name, space, try takeIndex(space))
    try expectClose()
  }

  private mutating func addExport(_ name: [UInt8], _ space: IndexSpace, _ index: UInt32) {
    let kind: UInt8 =
      switch space {
      case .function: 0
      case .table: 1
      case .memory: 2
      case .global: 3
      default: 4
      }
    sections[.export].count += 1
    sections[.export].bytes.appendSized(name)
    sections[.export].bytes.append(kind)
    sections[.export].bytes.appendUnsigned(index)
  }

  /// `(start index)`
  mutating func parseStart() throws(SourceError) {
    guard sections.startFunction == nil else {
      throw SourceError("multiple start sections", at: Int(current.offset))
    }
    sections.startFunction = try takeIndex(.function)
  }

  // MARK: Tags.

  mutating func parseTag() throws(SourceError) {
    guard try parseImportable(.tag) != nil else { return }
    let use = try takeTypeUse(.ignored)
    sections[.tag].count += 1
    sections[.tag].bytes.append(0x00)
    sections[.tag].bytes.appendUnsigned(use.index)
  }

  // MARK: Memories.

  mutating func parseMemory() throws(SourceError) {
    guard let index = try parseImportable(.memory) else { return }
    sections[.memory].count += 1
    let start = cursor
    var limits = Limits()
    limits.is64Bit = takeAddressType()
    try takePageSize(&limits)
    if takeOpen(.data) != nil {
      let content = try takeStrings()
      try expectClose()
      let pageSizeLog2 = limits.pageSizeLog2 ?? 16
      let pageCount = (UInt64(content.count) + (1 << pageSizeLog2) - 1) >> pageSizeLog2
      limits.minimum = pageCount
      limits.maximum = pageCount
      addData(content, memory: index, offset: limits.zeroOffset)
    } else {
      cursor = start
      limits = try takeMemoryType()
    }
    sections[.memory].bytes += limits.encoded
  }

  /// `addresstype? minimum maximum? shared? (pagesize n)?`
  mutating func takeMemoryType() throws(SourceError) -> Limits {
    var limits = try takeLimits()
    limits.isShared = takeKeyword(.shared)
    try takePageSize(&limits)
    return limits
  }

  /// `addresstype? minimum maximum?`
  mutating func takeLimits() throws(SourceError) -> Limits {
    var limits = Limits()
    limits.is64Bit = takeAddressType()
    limits.minimum = try takeUnsigned(bits: 64, "a size")
    if current.kind == .number { limits.maximum = try takeUnsigned(bits: 64, "a size") }
    return limits
  }

  /// Whether addresses are i64; i32 is what they are where nothing is said.
  mutating func takeAddressType() -> Bool {
    if takeKeyword(.i64) { return true }
    _ = takeKeyword(.i32)
    return false
  }

  private mutating func takePageSize(_ limits: inout Limits) throws(SourceError) {
    guard takeOpen(.pagesize) != nil else { return }
    let offset = Int(current.offset)
    let size = try takeUnsigned(bits: 64, "a page's size")
    guard size.nonzeroBitCount == 1 else {
      throw SourceError("invalid custom page size: it is not a power of two", at: offset)
    }
    limits.pageSizeLog2 = UInt8(size.trailingZeroBitCount)
    try expectClose()
  }
}

/// The size of a memory or a table. Spec: core 3.0 §5.3.9.
struct Limits {
  var minimum: UInt64 = 0
  var maximum: UInt64?
  var is64Bit = false
  var isShared = false
  /// Nil where it is left to the default.
  var pageSizeLog2: UInt8?

  var encoded: [UInt8] {
    var flags: UInt8 = maximum == nil ? 0 : 1
    if isShared { flags |= 2 }
    if is64Bit { flags |= 4 }
    if pageSizeLog2 != nil { flags |= 8 }
    var bytes = [flags]
    bytes.appendUnsigned(minimum)
    if let maximum { bytes.appendUnsigned(maximum) }
    if let pageSizeLog2 { bytes.append(pageSizeLog2) }
    return bytes
  }

  /// A constant expression for address 0.
  var zeroOffset: [UInt8] { [is64Bit ? 0x42 : 0x41, 0x00, 0x0B] }
}
