// Reads a body's instructions one after the other, without copying.

/// A cursor over instructions. Decodes immediates, checks the encoding, validates nothing.
///
/// After a `br_table` its targets follow: read `index + 1` of them (the last is the default) with
/// `nextTarget()`. After a `try_table` its clauses follow: read `index` of them with
/// `nextClause()`. Or step over either with `skipList(of:)`, before the next `next()`.
package struct InstructionReader {
  private var input: ByteReader
  private let table: UnsafePointer<OpcodeEntry>

  /// `range` must lie within `bytes`; the caller keeps the bytes alive.
  package init(bytes: UnsafeRawBufferPointer, range: Range<Int>) {
    input = ByteReader(bytes: bytes, range: range)
    table = OpcodeTable.entries
  }

  /// The module's bytes.
  package var bytes: UnsafeRawBufferPointer { input.bytes }

  /// Byte offset of what is read next.
  @inline(__always)
  package var position: Int {
    get { input.position }
    set { input.position = newValue }
  }

  /// Where the expression or body ends.
  @inline(__always)
  package var end: Int { input.end }

  @inline(__always)
  package var isAtEnd: Bool { input.isAtEnd }

  /// Decodes the next instruction.
  ///
  /// Throws `.malformed` for an encoding that no instruction has, and `.unsupported` for one of a
  /// feature that this release does not have.
  package mutating func next() throws(ModuleError) -> Instruction {
    var instruction = Instruction(opcode: .nop, offset: input.position)
    _ = try decode(into: &instruction)
    return instruction
  }

  /// One of the targets that follow a `br_table`: a label's depth.
  @inline(__always)
  package mutating func nextTarget() throws(ModuleError) -> UInt32 { try input.readUnsigned32() }

  /// One of the clauses that follow a `try_table`. Spec: core 3.0 §5.4.2 (`catch`).
  package mutating func nextClause() throws(ModuleError) -> CatchClause {
    let offset = input.position
    guard let kind = CatchClause.Kind(rawValue: try input.readByte()) else {
      throw ModuleError(.malformed, "malformed catch clause", at: offset)
    }
    return CatchClause(
      kind, tag: kind.hasTag ? try input.readUnsigned32() : nil,
      label: try input.readUnsigned32())
  }

  /// Steps over what follows `instruction`, just read: targets of a `br_table`, clauses of a
  /// `try_table`, nothing otherwise.
  @inline(__always)
  package mutating func skipList(of instruction: Instruction) throws(ModuleError) {
    switch instruction.opcode {
    case .brTable: for _ in 0...instruction.index { _ = try nextTarget() }
    case .tryTable: for _ in 0..<instruction.index { _ = try nextClause() }
    default: break
    }
  }

  // MARK: Decoding.

  /// Reads the next instruction into `instruction` and returns what the table knows about it.
  ///
  /// Writes the fields that the opcode gives a meaning to, and no others: a caller that reads only
  /// those keeps one instruction for a whole body, which saves most of the stores.
  @inline(__always)
  mutating func decode(
    into instruction: inout Instruction
  ) throws(ModuleError) -> UnsafePointer<OpcodeEntry> {
    let offset = input.position
    let first = try input.readByte()
    var entry = table + Int(first)
    if entry.pointee.immediates == .prefix { entry = try decodePrefixed(first, at: offset) }
    guard let opcode = entry.pointee.opcode else {
      throw UnknownOpcode.error(first, number: nil, at: offset)
    }
    instruction.opcode = opcode
    instruction.offset = offset
    switch entry.pointee.immediates {
    case .none, .prefix: break
    case .index: instruction.index = try input.readUnsigned32()
    case .memoryAccess: try decodeMemoryAccess(&instruction)
    case .i32: instruction.value = UInt64(UInt32(bitPattern: try input.readSigned32()))
    case .i64: instruction.value = UInt64(bitPattern: try input.readSigned64())
    case .f32: instruction.value = UInt64(try input.readFixed32())
    case .f64: instruction.value = try input.readFixed64()
    case .blockType: instruction.blockType = try decodeBlockType()
    case .twoIndices:
      instruction.index = try input.readUnsigned32()
      instruction.index2 = try input.readUnsigned32()
    default: try decodeRare(entry.pointee.immediates, into: &instruction)
    }
    return entry
  }

  @inline(never)
  private mutating func decodePrefixed(
    _ prefix: UInt8, at offset: Int
  ) throws(ModuleError) -> UnsafePointer<OpcodeEntry> {
    let number = try input.readUnsigned32()
    guard let index = OpcodeTable.index(prefix: prefix, number: number),
      table[index].opcode != nil
    else { throw UnknownOpcode.error(prefix, number: number, at: offset) }
    return table + index
  }

  /// Spec: core 3.0 §5.4.6 (`memarg`): bit 6 of the flags says that a memory index follows.
  @inline(__always)
  private mutating func decodeMemoryAccess(
    _ instruction: inout Instruction
  ) throws(ModuleError) {
    let offset = input.position
    let flags = try input.readUnsigned32()
    if flags >= 1 << 6 {
      guard flags < 1 << 7 else {
        throw ModuleError(.malformed, "malformed memop flags", at: offset)
      }
      instruction.index = try input.readUnsigned32()
    } else {
      instruction.index = 0
    }
    instruction.alignment = flags & 0x3F
    instruction.value = try input.readUnsigned64()
  }

  /// Spec: core 3.0 §5.4.1. A type index is a non-negative 33-bit integer, so that the one-byte
  /// type codes are negative ones.
  @inline(__always)
  private mutating func decodeBlockType() throws(ModuleError) -> BlockType {
    if !input.isAtEnd, input.bytes[input.position] == 0x40 {
      input.position &+= 1
      return .empty
    }
    return try decodeNonemptyBlockType()
  }

  @inline(never)
  private mutating func decodeNonemptyBlockType() throws(ModuleError) -> BlockType {
    let start = input.position
    if !input.isAtEnd, input.bytes[start] & 0xC0 == 0x40 {
      return .value(try input.readValueType())
    }
    let index = try input.readSigned33()
    guard let typeIndex = UInt32(exactly: index) else {
      throw ModuleError(.malformed, "malformed block type", at: start)
    }
    return .function(typeIndex: typeIndex)
  }

  @inline(never)
  private mutating func decodeRare(
    _ immediates: Immediates, into instruction: inout Instruction
  ) throws(ModuleError) {
    switch immediates {
    case .branchTable:
      instruction.index = try input.readUnsigned32()
      // Each target takes a byte at least, so a count that passes cannot lead anybody astray.
      guard Int(instruction.index) < input.remaining else { throw input.endError() }
    case .tryTable:
      instruction.blockType = try decodeBlockType()
      instruction.index = try input.readUnsigned32()
      // A clause takes two bytes at least.
      guard Int(instruction.index) <= input.remaining else { throw input.endError() }
    case .valueTypes:
      instruction.index = try input.readUnsigned32()
      guard Int(instruction.index) <= input.remaining else { throw input.endError() }
      instruction.blockType = .empty
      for place in 0..<instruction.index {
        let type = try input.readValueType()
        if place == 0 { instruction.blockType = .value(type) }
      }
    case .heapType:
      let heapType = try input.readHeapType()
      instruction.blockType = .value(.reference(heapType, nullable: true))
    case .vector:
      instruction.value = try input.readFixed64()
      instruction.value2 = try input.readFixed64()
    case .zero:
      let offset = input.position
      guard try input.readByte() == 0 else {
        throw ModuleError(.malformed, "zero byte expected", at: offset)
      }
    case .lane:
      instruction.index = UInt32(try input.readByte())
    case .memoryLane:
      try decodeMemoryAccess(&instruction)
      instruction.index2 = UInt32(try input.readByte())
    case .castBranch: try decodeCastBranch(&instruction)
    default:
      break
    }
  }

  /// Spec: core 3.0 §5.4.1 (`castop`).
  private mutating func decodeCastBranch(_ instruction: inout Instruction) throws(ModuleError) {
    let offset = input.position
    let flags = try input.readByte()
    guard flags < 4 else { throw ModuleError(.malformed, "malformed br_on_cast flags", at: offset) }
    instruction.index = try input.readUnsigned32()
    let source = ValueType.reference(try input.readHeapType(), nullable: flags & 1 != 0)
    let target = ValueType.reference(try input.readHeapType(), nullable: flags & 2 != 0)
    instruction.blockType = .value(source)
    instruction.value = UInt64(target.rawValue)
  }
}
