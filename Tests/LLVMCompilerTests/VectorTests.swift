// Vector instructions: every one is compiled, and the common ones to the instructions meant.

import CompilerInterface
import LLVMCompiler
import Testing
import WasmModule

@Suite struct VectorTests {
  private static let all = Opcode.allCases.filter { $0.rawValue >> 12 == 2 }

  @Test(arguments: all)
  func everyInstructionIsCompiled(_ opcode: Opcode) throws {
    let function = try #require(VectorFunction(opcode), "no signature found")
    #expect(try !function.compile().isEmpty)
  }

  /// Of these, each has one instruction that does its work; LLVM must find it.
  @Test(
    arguments: [
      (.i8x16AddSatU, [0x66, 0x0F, 0xDC]),  // paddusb
      (.i16x8SubSatS, [0x66, 0x0F, 0xE9]),  // psubsw
      (.i8x16AvgrU, [0x66, 0x0F, 0xE0]),  // pavgb
      (.i16x8Q15mulrSatS, [0x66, 0x0F, 0x38, 0x0B]),  // pmulhrsw
      (.i32x4DotI16x8S, [0x66, 0x0F, 0xF5]),  // pmaddwd
      (.i16x8ExtaddPairwiseI8x16U, [0x66, 0x0F, 0x38, 0x04]),  // pmaddubsw
      (.i32x4ExtaddPairwiseI16x8S, [0x66, 0x0F, 0xF5]),  // pmaddwd
      (.i64x2ExtmulLowI32x4U, [0x66, 0x0F, 0xF4]),  // pmuludq
      (.i16x8NarrowI32x4U, [0x66, 0x0F, 0x38, 0x2B]),  // packusdw
      (.i32x4MaxU, [0x66, 0x0F, 0x38, 0x3F]),  // pmaxud
      (.i16x8Abs, [0x66, 0x0F, 0x38, 0x1D]),  // pabsw
      (.i8x16Swizzle, [0x66, 0x0F, 0x38, 0x00]),  // pshufb
      (.i8x16Bitmask, [0x66, 0x0F, 0xD7]),  // pmovmskb
      (.v128AnyTrue, [0x66, 0x0F, 0x38, 0x17]),  // ptest
      (.i32x4ExtendLowI16x8S, [0x66, 0x0F, 0x38, 0x23]),  // pmovsxwd
      (.f32x4Nearest, [0x66, 0x0F, 0x3A, 0x08]),  // roundps
      (.f64x2Floor, [0x66, 0x0F, 0x3A, 0x09]),  // roundpd
      (.f32x4Min, [0x0F, 0x5D]),  // minps
      (.f64x2Pmax, [0x66, 0x0F, 0x5F]),  // maxpd
      (.i32x4TruncSatF32x4S, [0xF3, 0x0F, 0x5B]),  // cvttps2dq
      (.i32x4TruncSatF64x2SZero, [0x66, 0x0F, 0xE6]),  // cvttpd2dq
      (.f32x4DemoteF64x2Zero, [0x66, 0x0F, 0x5A]),  // cvtpd2ps
      (.f32x4ConvertI32x4S, [0x0F, 0x5B]),  // cvtdq2ps
    ] as [(Opcode, [UInt8])])
  func instructionIsSelected(_ opcode: Opcode, _ instruction: [UInt8]) throws {
    let function = try #require(VectorFunction(opcode))
    let code = try function.compile()
    #expect(contains(code, instruction))
    // A frame, and a few instructions around; lane by lane it would be more than a hundred bytes.
    #expect(code.count < 64)
  }

  // MARK: Signalling NaNs.

  /// `x * 1` is no no-op: it makes a signalling NaN quiet.
  @Test(
    arguments: [
      (.f32x4Mul, [0, 0, 0x80, 0x3F], [0x0F, 0x59]),  // x * 1
      (.f32x4Div, [0, 0, 0x80, 0xBF], [0x0F, 0x5E]),  // x / -1
      (.f32x4Sub, [0, 0, 0, 0], [0x0F, 0x5C]),  // x - 0
      (.f32x4Add, [0, 0, 0, 0x80], [0x0F, 0x58]),  // x + -0
      (.f64x2Mul, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], [0x66, 0x0F, 0x59]),
    ] as [(Opcode, [UInt8], [UInt8])])
  func neutralConstantIsNotDropped(
    _ opcode: Opcode, _ lane: [UInt8], _ instruction: [UInt8]
  ) throws {
    let constant = Array(repeating: lane, count: 16 / lane.count).flatMap { $0 }
    let function = VectorFunction(
      parameters: [.v128], results: [.v128],
      [0x20, 0] + VectorFunction.encoding(.v128Const) + constant + VectorFunction.encoding(opcode))
    #expect(contains(try function.compile(), instruction))
  }

  /// A lane of its own is as neutral as all lanes together once LLVM takes vectors apart.
  @Test func neutralLaneIsNotDropped() throws {
    let constant: [UInt8] = [
      0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40,  // 1, 2, 3, 4
    ]
    let function = VectorFunction(
      parameters: [.v128], results: [.f32],
      [0x20, 0] + VectorFunction.encoding(.v128Const) + constant
        + VectorFunction.encoding(.f32x4Mul) + VectorFunction.encoding(.f32x4ExtractLane) + [0])
    #expect(contains(try function.compile(), [0x0F, 0x59]))  // mulss or mulps
  }

  @Test func demotionOfPromotionIsNotDropped() throws {
    let function = VectorFunction(
      parameters: [.v128], results: [.v128],
      [0x20, 0] + VectorFunction.encoding(.f64x2PromoteLowF32x4)
        + VectorFunction.encoding(.f32x4DemoteF64x2Zero))
    #expect(contains(try function.compile(), [0x66, 0x0F, 0x5A]))  // cvtpd2ps
  }

  private func contains(_ code: [UInt8], _ pattern: [UInt8]) -> Bool {
    code.indices.contains { code[$0...].starts(with: pattern) }
  }
}
