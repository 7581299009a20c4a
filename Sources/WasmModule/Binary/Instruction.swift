// One decoded instruction: its opcode and its immediates as plain integers.

/// An instruction as `InstructionReader` yields it. Which fields mean something depends on the
/// opcode; the others are zero.
package struct Instruction: Sendable {
  package var opcode: Opcode
  /// Byte offset of the opcode in the module.
  package var offset: Int
  /// The first index: local, global, function, table, memory, segment, label depth, lane of a
  /// lane instruction without memory. For `call_indirect` the type, for `memory.copy` and
  /// `table.copy` the destination, for `memory.init` and `table.init` the segment, for loads and
  /// stores the memory, for `br_table` the number of targets without the default, for `try_table`
  /// the number of clauses, for `select t*` the number of types, for instructions on structures and
  /// arrays the type (of the destination).
  package var index: UInt32 = 0
  /// The second index: table of `call_indirect`, source of `memory.copy` and `table.copy`, memory
  /// of `memory.init`, table of `table.init`, lane of `v128.load*_lane` and `v128.store*_lane`, field of
  /// `struct.get*` and `struct.set`, count of `array.new_fixed`, segment of `array.*_data` and
  /// `array.*_elem`, source type of `array.copy`.
  package var index2: UInt32 = 0
  /// log2 of a memory access's alignment.
  package var alignment: UInt32 = 0
  /// A constant's bits, zero-extended (the low 64 of a v128; shuffle lanes 0-7, lane 0 in the
  /// lowest byte), or a memory access's offset. For `br_on_cast*`
  /// the target's type (`castTarget`).
  package var value: UInt64 = 0
  /// The high 64 bits of a v128 constant, or shuffle lanes 8-15.
  package var value2: UInt64 = 0
  /// The type of `block`, `loop`, `if`, `try_table`, `try`, the first type of `select t*`, the type
  /// of `ref.null`, the heap type of `ref.test` and `ref.cast` as a nullable reference, the source
  /// type of `br_on_cast*`.
  @inline(__always)
  package var blockType: BlockType {
    get { BlockType(bits: blockTypeBits) }
    set { blockTypeBits = newValue.bits }
  }
  /// `blockType` as one number: with it all fields are whole words, and an instruction is copied
  /// without the stalls that an odd-sized tail costs (a third of the decoder's time).
  private var blockTypeBits: UInt64 = 0

  @inline(__always)
  package init(opcode: Opcode, offset: Int) {
    self.opcode = opcode
    self.offset = offset
  }

  /// The type that `ref.test`, `ref.cast` or `br_on_cast*` asks for.
  package var castTarget: ValueType {
    switch (opcode, blockType) {
    case (.brOnCast, _), (.brOnCastFail, _): return ValueType(rawValue: UInt32(value))
    case (.refTest, .value(let type)), (.refCast, .value(let type)): return type.nonNull
    case (_, .value(let type)): return type
    default: return .bottom
    }
  }
}

/// What a `try_table` does with some exceptions. Spec: core 3.0 §2.4.2.
package struct CatchClause: Hashable, Sendable {
  package enum Kind: UInt8, Sendable {
    case `catch` = 0
    case catchRef = 1
    case catchAll = 2
    case catchAllRef = 3

    /// It is for exceptions of one tag, and hands on what they carry.
    package var hasTag: Bool { self == .catch || self == .catchRef }
    /// It hands on a reference to the exception, too.
    package var passesReference: Bool { self == .catchRef || self == .catchAllRef }
  }

  package var kind: Kind
  /// nil where the clause is for all.
  package var tag: UInt32?
  /// The depth of the label to branch to, counted from outside of the `try_table`.
  package var label: UInt32

  package init(_ kind: Kind, tag: UInt32? = nil, label: UInt32) {
    self.kind = kind
    self.tag = tag
    self.label = label
  }
}

/// A block's type, or the one value type that `select t*` and `ref.null` name.
/// Spec: core 3.0 §5.4.1.
package enum BlockType: Hashable, Sendable {
  case empty
  case value(ValueType)
  case function(typeIndex: UInt32)
}

extension BlockType {
  /// The case in the upper half, its value in the lower.
  @inline(__always)
  fileprivate var bits: UInt64 {
    switch self {
    case .empty: 0
    case .value(let type): 1 << 32 | UInt64(type.rawValue)
    case .function(let typeIndex): 2 << 32 | UInt64(typeIndex)
    }
  }

  @inline(__always)
  fileprivate init(bits: UInt64) {
    let low = UInt32(truncatingIfNeeded: bits)
    switch bits >> 32 {
    case 0: self = .empty
    case 1: self = .value(ValueType(rawValue: low))
    default: self = .function(typeIndex: low)
    }
  }
}
