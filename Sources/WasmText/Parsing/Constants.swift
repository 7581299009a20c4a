// Immediates that are constants. Spec: core 3.0 §6.5.

extension ModuleParser {
  mutating func appendConstant(_ immediates: Immediates) throws(SourceError) {
    switch immediates {
    case .i32: code.appendSigned(Int64(Int32(truncatingIfNeeded: try takeInteger(bits: 32))))
    case .i64: code.appendSigned(Int64(bitPattern: try takeInteger(bits: 64)))
    case .f32: code.appendFixed(try takeFloat(bits: 32), byteCount: 4)
    case .f64: code.appendFixed(try takeFloat(bits: 64), byteCount: 8)
    case .v128: try appendVector()
    case .shuffle: for _ in 0..<16 { try appendLane() }
    default: try appendLane()
    }
  }

  /// A number from 0 to 255; whether there is such a lane is for validation.
  private mutating func appendLane() throws(SourceError) {
    code.append(UInt8(try takeUnsigned(bits: 8, "the number of a lane")))
  }

  /// Takes a signed or unsigned integer.
  private mutating func takeInteger(bits: Int) throws(SourceError) -> UInt64 {
    let what = "an integer of \(bits) bits"
    guard current.kind == .number else { throw expected(what) }
    do throws(IntegerLiteral.Failure) {
      let value = try IntegerLiteral(bytes(current)).value(bits: bits)
      cursor += 1
      return value
    } catch {
      throw numberError(error, what)
    }
  }

  private mutating func takeFloat(bits: Int) throws(SourceError) -> UInt64 {
    let what = "a number"
    // `inf` and `nan` are words.
    guard current.kind == .number || current.kind == .word else { throw expected(what) }
    do throws(FloatLiteral.Failure) {
      let literal = bytes(current)
      let value =
        bits == 32 ? UInt64(try FloatLiteral.bits32(literal)) : try FloatLiteral.bits64(literal)
      cursor += 1
      return value
    } catch {
      throw numberError(error == .malformed ? .malformed : .tooLarge, what)
    }
  }

  /// `v128.const shape number…`
  private mutating func appendVector() throws(SourceError) {
    let shape = keyword(at: cursor)
    cursor += 1
    switch shape {
    case .i8x16: try appendLanes(16, bits: 8)
    case .i16x8: try appendLanes(8, bits: 16)
    case .i32x4: try appendLanes(4, bits: 32)
    case .i64x2: try appendLanes(2, bits: 64)
    case .f32x4: for _ in 0..<4 { code.appendFixed(try takeFloat(bits: 32), byteCount: 4) }
    case .f64x2: for _ in 0..<2 { code.appendFixed(try takeFloat(bits: 64), byteCount: 8) }
    default:
      cursor -= 1
      throw expected("the shape of a vector, such as i32x4")
    }
  }

  private mutating func appendLanes(_ count: Int, bits: Int) throws(SourceError) {
    for _ in 0..<count {
      code.appendFixed(try takeInteger(bits: bits), byteCount: bits / 8)
    }
  }
}
