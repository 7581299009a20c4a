// Constant expressions: initial values of globals, offsets and items of segments.

import CRuntime
import CompilerInterface
import WasmModule

/// Evaluates an instance's constant expressions. Spec: core 3.0 §3.4.4, §4.4. Nothing is collected
/// meanwhile: see `ObjectHeap.withoutCollecting`.
///
/// The module is expected to be valid; what no valid module has is refused all the same, never
/// trusted.
struct ConstantEvaluator {
  private let bytes: UnsafeRawBufferPointer
  private let instance: Instance
  private var stack: [RawValue] = []

  init(_ instance: Instance, bytes: UnsafeRawBufferPointer) {
    self.instance = instance
    self.bytes = bytes
  }

  /// The expression's value. Reads globals of the instance that have their value already.
  mutating func evaluate(_ expression: ConstantExpression) throws(ModuleError) -> RawValue {
    guard expression.bytes.upperBound <= bytes.count else {
      throw ModuleError(.malformed, "unexpected end", at: bytes.count)
    }
    var reader = InstructionReader(bytes: bytes, range: expression.bytes)
    stack = []
    let first = try value(of: try reader.next())
    var next = try reader.next()
    // Most are one constant, and there can be tens of thousands.
    if next.opcode.rawValue == Opcode.end.rawValue { return first }
    stack = [first]
    while next.opcode != .end {
      stack.append(try value(of: next))
      next = try reader.next()
    }
    defer { stack = [] }
    return try pop(at: expression.bytes.upperBound)
  }

  private mutating func value(of instruction: Instruction) throws(ModuleError) -> RawValue {
    let offset = instruction.offset
    switch instruction.opcode {
    case .i32Const, .i64Const, .f32Const, .f64Const: return RawValue(instruction.value)
    case .v128Const: return RawValue(instruction.value, instruction.value2)
    case .refNull: return RawValue()
    case .refFunc:
      guard let place = instance.module.referencePlace(of: instruction.index) else {
        throw ModuleError(.invalid, "undeclared function reference", at: offset)
      }
      return RawValue(UInt64(UInt(bitPattern: instance.cell(place))))
    case .globalGet:
      guard instruction.index < instance.globals.count else {
        throw ModuleError(.invalid, "unknown global", at: offset)
      }
      return instance.globals[Int(instruction.index)].raw
    case .i32Add, .i64Add, .i32Sub, .i64Sub, .i32Mul, .i64Mul:
      let right = try pop(at: offset).low
      let left = try pop(at: offset).low
      // The low half of a 64-bit result is the 32-bit result; nobody reads the rest of an i32.
      switch instruction.opcode {
      case .i32Add, .i64Add: return RawValue(left &+ right)
      case .i32Sub, .i64Sub: return RawValue(left &- right)
      default: return RawValue(left &* right)
      }
    case .refI31:
      return RawValue(
        InternalReference.i31(UInt32(truncatingIfNeeded: try pop(at: offset).low)).bits)
    case .anyConvertExtern, .externConvertAny: return try pop(at: offset)
    case .structNew, .structNewDefault, .arrayNew, .arrayNewDefault, .arrayNewFixed:
      return RawValue(UInt64(UInt(bitPattern: try makeObject(instruction))))
    default: throw ModuleError(.invalid, "constant expression required", at: offset)
    }
  }

  private mutating func pop(at offset: Int) throws(ModuleError) -> RawValue {
    guard let value = stack.popLast() else {
      throw ModuleError(.invalid, "type mismatch", at: offset)
    }
    return value
  }

  // MARK: Objects.

  private mutating func makeObject(
    _ instruction: Instruction
  ) throws(ModuleError) -> UnsafeMutableRawPointer {
    let offset = instruction.offset
    guard instruction.index < instance.module.types.count,
      let record = instance.typeRecord(Int(instruction.index))
    else { throw ModuleError(.invalid, "unknown type", at: offset) }
    let heap = instance.store.heap.pointer
    let type = instance.module.types[Int(instruction.index)]
    let object: UnsafeMutableRawPointer?
    switch (instruction.opcode, type.composite) {
    case (.structNew, .structure(let fields)):
      object = wasmrun_heap_new_structure(heap, record)
      let offsets = ObjectLayout(fields).offsets
      for place in fields.indices.reversed() {
        let value = try pop(at: offset)
        if let object { value.store(at: object + offsets[place], as: fields[place].storage) }
      }
    case (.structNewDefault, .structure): object = wasmrun_heap_new_structure(heap, record)
    case (.arrayNew, .array(let element)), (.arrayNewFixed, .array(let element)):
      let isFixed = instruction.opcode == .arrayNewFixed
      let count =
        isFixed ? instruction.index2 : UInt32(truncatingIfNeeded: try pop(at: offset).low)
      object = wasmrun_heap_new_array(heap, record, count)
      var value = isFixed ? RawValue() : try pop(at: offset)
      for place in (0..<Int(count)).reversed() {
        if isFixed { value = try pop(at: offset) }
        let start = ObjectLayout.arrayElements + place * element.storage.byteCount
        if let object { value.store(at: object + start, as: element.storage) }
      }
    case (.arrayNewDefault, .array):
      let count = UInt32(truncatingIfNeeded: try pop(at: offset).low)
      object = wasmrun_heap_new_array(heap, record, count)
    default: throw ModuleError(.invalid, "type mismatch", at: offset)
    }
    guard let object else {
      throw ModuleError(.unsupported, "there is no memory for an object", at: offset)
    }
    return object
  }
}

extension RawValue {
  /// Writes as many bytes as a field of `storage` has.
  fileprivate func store(at address: UnsafeMutableRawPointer, as storage: StorageType) {
    switch storage {
    case .i8: address.storeBytes(of: UInt8(truncatingIfNeeded: low), as: UInt8.self)
    case .i16: address.storeBytes(of: UInt16(truncatingIfNeeded: low), as: UInt16.self)
    case .value(let type): store(at: address, as: type)
    }
  }
}
