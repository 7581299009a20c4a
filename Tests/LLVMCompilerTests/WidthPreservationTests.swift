// An access that straddles the end of memory traps, though only its lower part is of use.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct WidthPreservationTests {
  /// A use of an access at the address in local 0, and the bytes that it accesses.
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let width: Int
    let body: Code
    init(_ description: String, _ width: Int, _ body: Code) {
      self.description = description
      self.width = width
      self.body = body
    }
  }

  private static let load = Code.local(0) + Code(.i32Load, 0, 0)
  private static let load64 = Code.local(0) + Code(.i64Load, 0, 0)
  private static let vector = Code.local(0) + Code(.v128Load, 0, 0)
  private static func i64(_ body: Code) -> Code { body + Code(.i32WrapI64) }

  static let straddling = [
    Case("masked to a byte", 4, load + .i32(255) + Code(.i32And)),
    Case("masked to two bytes", 4, load + .i32(0xFFFF) + Code(.i32And)),
    Case("masked in the middle", 4, load + .i32(0xFF00) + Code(.i32And)),
    Case("shifted and masked", 4, load + .i32(8) + Code(.i32ShrU) + .i32(255) + Code(.i32And)),
    Case("a bit tested", 4, load + .i32(0x100) + Code(.i32And) + Code(.i32Eqz)),
    Case(
      "a bit branched on", 4,
      load + .i32(1) + Code(.i32And) + .structured(.if, .i32, .i32(3), Code(.else), .i32(4))),
    Case("sign-extended", 4, load + Code(.i32Extend8S)),
    Case("sign-extended by shifts", 4, load + .i32(16) + Code(.i32Shl) + .i32(16) + Code(.i32ShrS)),
    Case("stored as a byte", 4, .i32(0) + load + Code(.i32Store8, 0, 0) + .i32(0)),
    Case("added to and masked", 4, load + .i32(1) + Code(.i32Add) + .i32(255) + Code(.i32And)),
    Case("wrapped", 8, load64 + Code(.i32WrapI64)),
    Case("the middle wrapped", 8, i64(load64 + .i64(16) + Code(.i64ShrU))),
    Case("masked to four bytes", 8, i64(load64 + .i64(0xFFFF_FFFF) + Code(.i64And))),
    Case(
      "both lower halves", 8,
      load64 + Code(.localTee, 1) + Code(.i32WrapI64) + .i32(3) + Code(.i32Mul) + .local(1)
        + .i64(255) + Code(.i64And) + Code(.i32WrapI64) + Code(.i32Add)),
    Case(
      "bits set", 4,
      .local(0) + load + .i32(0x200) + Code(.i32Or) + Code(.i32Store, 0, 0) + .i32(0)),
    Case(
      "bits cleared", 4,
      .local(0) + load + .i32(-2) + Code(.i32And) + Code(.i32Store, 0, 0) + .i32(0)),
    Case(
      "bits replaced", 4,
      .local(0) + load + .i32(-256) + Code(.i32And) + .i32(7) + Code(.i32Or)
        + Code(.i32Store, 0, 0) + .i32(0)),
    Case(
      "a byte put in", 4,
      .local(0) + load + .i32(-256) + Code(.i32And) + .i32(100) + Code(.i32Load8U, 0, 0)
        + Code(.i32Or) + Code(.i32Store, 0, 0) + .i32(0)),
    Case("lane 0", 16, vector + Code(.i32x4ExtractLane, 0)),
    Case("lane 2", 16, vector + Code(.i32x4ExtractLane, 2)),
    Case("a byte of lane 0", 16, vector + Code(.i8x16ExtractLaneU, 3)),
    Case("a float lane", 16, vector + Code(.f32x4ExtractLane, 0) + Code(.i32ReinterpretF32)),
    Case(
      "the low half extended", 16,
      vector + Code(.i16x8ExtendLowI8x16U) + Code(.i16x8ExtractLaneU, 7)),
    Case(
      "the low half alone", 16,
      .i32(0) + vector + Code(.i32x4ExtendLowI16x8S) + Code(.v128Store, 0, 0) + .i32(0)),
  ]

  private func program(_ body: Code, level: Int = 2) throws -> TestProgram {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.function([.i32], [.i32], locals: [.i64], export: "run", body)
    var options = CodegenOptions()
    options.optimizationLevel = level
    return try TestProgram(builder, options: options)
  }

  @Test(arguments: straddling, [1, 2, 3])
  func accessThatStraddlesTheEndTraps(_ access: Case, level: Int) throws {
    let program = try program(access.body, level: level)
    let last = Int32(65_536 - access.width)
    #expect(try trapCode { try program.call("run", .i32(UInt32(last))) } == nil)
    for address in [last + 1, 65_535] {
      #expect(
        try trapCode { try program.call("run", .i32(UInt32(address))) } == .memoryOutOfBounds)
    }
  }

  // MARK: What is whole is left alone.

  private static let whole = [
    Case("returned", 4, load),
    Case("its upper byte", 4, load + .i32(24) + Code(.i32ShrU)),
    Case("compared", 4, load + .i32(7) + Code(.i32Eq)),
    Case("stored", 4, .i32(0) + load + Code(.i32Store, 0, 0) + .i32(0)),
    Case(
      "counted up", 4,
      .local(0) + load + .i32(1) + Code(.i32Add) + Code(.i32Store, 0, 0) + .i32(0)),
    Case(
      "masked and used whole", 4,
      load + Code(.localTee, 0) + .i32(255) + Code(.i32And) + .local(0) + Code(.i32Mul)),
    Case(
      "its upper bits set", 4,
      .local(0) + load + .i32(.min) + Code(.i32Or) + Code(.i32Store, 0, 0) + .i32(0)),
    Case("its last lane", 16, vector + Code(.i32x4ExtractLane, 3)),
  ]

  @Test(arguments: whole) func wholeAccessIsOrdinary(_ access: Case) throws {
    let text = try program(access.body).optimizedText()
    #expect(text.count(of: " volatile ") == 0)
    #expect(text.count(of: "load ") > 0)
  }
}
