// Modules that are damaged at random: whatever the bytes, the answer is a module or an error.

import ModuleMutation
import Testing

@testable import WasmModule

@Suite struct MutationTests {
  /// Small modules that between them have every section and many instructions.
  private static let seeds: [[UInt8]] = [
    BodyCase(
      [i32, f64], [i32], op(.block, i32), op(.localGet, 0), op(.localGet, 0),
      op(.brTable, 2, 0, 1, 0), [end], op(.if, 0x40), op(.i32Const, 0), op(.i64Const, 5),
      op(.i64Store, 3, 8), op(.else), op(.i32Const, 1), op(.call, 0), op(.globalSet, 1), [end],
      op(.i32Const, 0), op(.i32Load, 0x42, 1, 0x80, 1)
    ).module.custom("name", [1, 4, 1, 0, 1, 0x66]).bytes,
    BodyCase(
      [], [v128], op(.i32Const, 0), op(.v128Load, 4, 0), op(.i32Const, 3), op(.i8x16Shl),
      op(.i32Const, 1), op(.i8x16Splat),
      op(.i8x16Shuffle, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), op(.unreachable)
    ).module.bytes,
    BodyCase(
      [i32], [i64], op(.i32Const, 0), op(.refFunc, 2), op(.tableSet, 0), op(.i32Const, 0),
      op(.i32Const, 0), op(.i32Const, 0), op(.memoryInit, 0, 1), op(.refNull, externref),
      op(.refNull, externref), op(.i32Const, 0), op(.selectT, 1, externref), op(.refIsNull),
      op(.returnCall, 0)
    ).module.section(0, encoded("x")).bytes,
    ModuleBytes().types(functionType()).functions(0)
      .section(4, items: [[0x40, 0, funcref, 1, 1, 2] + op(.refNull, funcref) + [end]])
      .section(7, items: [encoded("€") + [0, 0], encoded("t") + [1, 0]]).section(8, [0])
      .section(9, items: [[4] + op(.i32Const, 0) + [end, 1] + op(.refFunc, 0) + [end]])
      .code(body(locals: [(3, i64), (2, f32)], [end])).bytes,
    collection.bytes,
  ]

  /// Types: 0 and 1 a recursion group of structures, 1 below 0; 2 an array; 3 the body's.
  private static let collection = ModuleBytes()
    .types(
      [0x4E, 2, 0x50, 0, 0x5F, 2, 0x78, 1, 0x63, 1, 0]
        + [0x4F, 1, 0, 0x5F, 3, 0x78, 1, 0x63, 1, 0, 0x64, 0x6E, 1],
      [0x5E, 0x77, 1], functionType([0x6E], [i32])
    )
    .functions(3)
    .section(6, items: [[0x63, 2, 0] + op(.i32Const, 3) + op(.arrayNewDefault, 2) + [end]])
    .code(
      body(
        locals: [(1, 0x6D)],
        op(.block, 0x6E) + op(.localGet, 0) + op(.brOnCastFail, 3, 0, 0x6E, 1)
          + op(.structGetU, 1, 0) + op(.return) + [end] + op(.refTest, 2)
          + op(.i32Const, 4) + op(.refI31) + op(.localTee, 1) + op(.globalGet, 0) + op(.refEq)
          + op(.i32Add) + op(.globalGet, 0) + op(.i32Const, 1) + op(.arrayGetS, 2) + op(.i32Add)
          + [end]))

  @Test func seedsAreValid() {
    for seed in Self.seeds { expectValid(ModuleBytes(bytes: seed)) }
  }

  /// Every module cut off at every place.
  @Test func truncated() {
    for seed in Self.seeds {
      for count in seed.indices { expectVerdict(Array(seed[..<count])) }
    }
  }

  /// A bounded form of what `packaging/fuzz/mutation` does with a million.
  @Test func mutated() {
    let mutator = Mutator(seeds: Self.seeds)
    var accepted = 0
    let count = 10_000
    for number in 0..<UInt64(count) where expectVerdict(mutator.mutant(number, series: 1)) {
      accepted += 1
    }
    // Both outcomes must be frequent, else the test tests nothing.
    #expect((count / 50..<count / 2).contains(accepted))
  }

  /// Whether the module is accepted; expects that all that is promised about it holds.
  @discardableResult
  private func expectVerdict(_ bytes: [UInt8]) -> Bool {
    switch Verdict(bytes) {
    case .accepted: return true
    case .refused(let error): #expect(!error.description.isEmpty)
    case .broken(let what): Issue.record("\(what): \(bytes)")
    }
    return false
  }
}
