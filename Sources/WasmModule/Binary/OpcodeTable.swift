// What the decoder and the validator know about each opcode, as one table.

/// The form of an instruction's immediates in the binary format. Spec: core 3.0 §5.4.
enum Immediates: UInt8 {
  case none
  /// A prefix byte: the opcode's number follows.
  case prefix
  case blockType
  /// One u32.
  case index
  /// Two u32, first `index`, then `index2`.
  case twoIndices
  case branchTable
  /// A block's type, then clauses.
  case tryTable
  case valueTypes
  case heapType
  case i32, i64, f32, f64
  /// Sixteen bytes: a v128 constant or shuffle lanes.
  case vector
  /// Alignment, memory, offset.
  case memoryAccess
  /// A byte that is 0.
  case zero
  case lane
  /// Alignment, memory, offset, lane.
  case memoryLane
  /// Two nullabilities, a label, two heap types.
  case castBranch
}

/// How an instruction is validated.
enum ValidationRule: UInt8 {
  /// By the table's signature alone.
  case signature
  /// A signature, and an access to a memory.
  case memoryAccess
  /// A signature, and an atomic access to a memory.
  case atomicAccess
  /// A signature, and a lane index.
  case lane
  /// A signature, an access to a memory, and a lane index.
  case memoryLane
  /// A signature, and sixteen lane indices below 32.
  case shuffle
  /// By code of its own.
  case special
}

/// A row of the table: 9 bytes.
struct OpcodeEntry {
  /// nil: no such instruction, or one that this release does not have.
  var opcode: Opcode?
  var immediates = Immediates.none
  var rule = ValidationRule.special
  /// log2 of the natural alignment of a memory access.
  var naturalAlignment: UInt8 = 0
  /// Lanes that a lane instruction chooses from.
  var laneCount: UInt8 = 0
  /// The operands' types by their codes, the last operand (top of the stack) first; 0 is none.
  var operands: (UInt8, UInt8, UInt8) = (0, 0, 0)
  /// The result's type by its code; 0 is none.
  var result: UInt8 = 0
}

/// Entries by `Opcode.rawValue`, packed: 256 without prefix, then those of each prefix. Built once,
/// at the first use.
enum OpcodeTable {
  /// Where the entries of each prefix class begin, by `Opcode.rawValue >> 12`; the last is the end.
  private static let starts = [0, 256, 512, 1024, 1280, 1536]

  /// Immutable once built, and never freed.
  nonisolated(unsafe) static let entries: UnsafePointer<OpcodeEntry> = build()

  static let miscellaneousPrefix: UInt8 = 0xFC
  static let vectorPrefix: UInt8 = 0xFD
  static let collectionPrefix: UInt8 = 0xFB
  static let atomicPrefix: UInt8 = 0xFE

  /// The entry of `number` behind `prefix`; nil beyond the table.
  @inline(__always)
  static func index(prefix: UInt8, number: UInt32) -> Int? {
    switch prefix {
    case vectorPrefix: number < 512 ? 512 + Int(number) : nil
    case atomicPrefix: number < 256 ? 1024 + Int(number) : nil
    case collectionPrefix: number < 256 ? 1280 + Int(number) : nil
    default: number < 256 ? 256 + Int(number) : nil
    }
  }

  private static func index(_ opcode: Opcode) -> Int {
    starts[Int(opcode.rawValue >> 12)] + Int(opcode.rawValue & 0xFFF)
  }

  private static func build() -> UnsafePointer<OpcodeEntry> {
    let count = starts[starts.count - 1]
    let entries = UnsafeMutablePointer<OpcodeEntry>.allocate(capacity: count)
    entries.initialize(repeating: OpcodeEntry(), count: count)
    entries[Int(miscellaneousPrefix)].immediates = .prefix
    entries[Int(vectorPrefix)].immediates = .prefix
    entries[Int(atomicPrefix)].immediates = .prefix
    entries[Int(collectionPrefix)].immediates = .prefix
    let rows = OpcodeRow.all
    var place = 0
    // Both lists ascend, so one walk over the opcodes serves all rows.
    for opcode in Opcode.allCases {
      while place < rows.count, rows[place].opcodes.upperBound < opcode { place += 1 }
      guard place < rows.count, rows[place].opcodes.contains(opcode) else { continue }
      entries[index(opcode)] = rows[place].entry
      entries[index(opcode)].opcode = opcode
    }
    return UnsafePointer(entries)
  }
}

extension Opcode: Comparable {
  package static func < (left: Opcode, right: Opcode) -> Bool { left.rawValue < right.rawValue }
}
