// Modules that are damaged at random: whatever the bytes, the answer is a module or an error.

import Testing

@testable import WasmModule

/// SplitMix64: a small generator whose sequence a seed determines.
private struct Random: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

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
      for count in seed.indices { check(Array(seed[..<count])) }
    }
  }

  @Test(arguments: 0..<Self.seeds.count) func mutated(seed: Int) {
    var random = Random(state: UInt64(seed))
    var accepted = 0
    let count = 5_000
    for _ in 0..<count where check(Self.mutate(Self.seeds[seed], &random)) { accepted += 1 }
    // Both outcomes must occur, else the test tests nothing.
    #expect(accepted > 0 && accepted < count)
  }

  private static func mutate(_ seed: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = seed
    for _ in 0...Int.random(in: 0..<3, using: &random) {
      // Behind the header: its mutations are all refused alike.
      let place = Int.random(in: 8..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF, end, 0x40].randomElement(using: &random) ?? 0
      case 3: bytes.remove(at: place)
      case 4: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
      default:
        let source = Int.random(in: 8..<bytes.count, using: &random)
        let count = min(8, bytes.count - max(place, source))
        bytes.replaceSubrange(place..<place + count, with: Array(bytes[source..<source + count]))
      }
    }
    return bytes
  }

  /// Decodes, validates and reads names; whether the module is valid. What is accepted can be
  /// walked through with a reader.
  @discardableResult
  private func check(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      do {
        let module = try Module.decode(bytes)
        let names = module.functionNames(bytes: bytes)
        for index in 0..<5 as Range<UInt32> { _ = names.printableName(of: index) }
        try module.validate(bytes: bytes)
        try walk(module, bytes)
        return true
      } catch {
        guard let error = error as? ModuleError else { return false }
        #expect((0...bytes.count).contains(error.offset))
        #expect(!error.description.isEmpty)
        return false
      }
    }
  }

  private func walk(_ module: Module, _ bytes: UnsafeRawBufferPointer) throws {
    for body in module.bodies {
      var locals = try LocalDeclarations(bytes: bytes, body: body)
      while try locals.next() != nil {}
      var reader = locals.instructions
      while !reader.isAtEnd {
        let instruction = try reader.next()
        try reader.skipList(of: instruction)
      }
    }
  }
}
