// The lane shapes of vectors, and which one an instruction's name begins with.

internal import WasmModule

/// How a v128 is divided into lanes. Spec: core 3.0 §2.4.4.
enum VectorShape: CaseIterable {
  case i8x16
  case i16x8
  case i32x4
  case i64x2
  case f32x4
  case f64x2

  var laneCount: UInt32 { 128 / laneBitCount }

  var laneBitCount: UInt32 {
    switch self {
    case .i8x16: 8
    case .i16x8: 16
    case .i32x4, .f32x4: 32
    case .i64x2, .f64x2: 64
    }
  }

  /// The shape with integer lanes of the same width: what a comparison yields.
  var integer: VectorShape {
    switch self {
    case .f32x4: .i32x4
    case .f64x2: .i64x2
    default: self
    }
  }

  /// The shape with integer lanes of half the width: what widening instructions start from.
  /// Below `i8x16` there is none.
  var narrower: VectorShape {
    switch self {
    case .i8x16, .i16x8: .i8x16
    case .i32x4, .f32x4: .i16x8
    case .i64x2, .f64x2: .i32x4
    }
  }
}

extension Opcode {
  /// The shape that the instruction's name begins with: that of its result, or of its operand
  /// where the result is a scalar. `i64x2`, the canonical one, for instructions of `v128`.
  var vectorShape: VectorShape { Self.vectorShapes[Int(rawValue & 0x1FF)] }

  /// One an opcode behind the prefix 0xFD.
  private static let vectorShapes = (0..<512).map { number in
    let name = Opcode(rawValue: 0x2000 | UInt16(number))?.textName ?? ""
    return VectorShape.allCases.first { name.hasPrefix("\($0).") } ?? .i64x2
  }
}
