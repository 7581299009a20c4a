// Where parameters and results go.

import CompilerInterface
import ModuleMutation
import Testing
import WasmModule

@Suite struct CallingConventionTests {
  private let types: [ValueType] = [.i32, .i64, .f32, .f64, .v128, .funcref, .externref]

  @Test func random() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let draw = { (count: Int) in
        (0..<count).map { _ in types.randomElement(using: &generator)! }
      }
      let type = FunctionType(
        parameters: draw(Int.random(in: 0...40, using: &generator)),
        results: draw(Int.random(in: 0...40, using: &generator)))
      let convention = CallingConvention(type)
      #expect(convention.parameters.count == type.parameters.count)
      #expect(convention.results.count == type.results.count)
      let inRegisters = zip(type.parameters, convention.parameters).filter { $1 == .register }
      let vectors = inRegisters.filter { [.f32, .f64, .v128].contains($0.0) }.count
      #expect(vectors <= CallingConvention.vectorRegisterParameters)
      #expect(inRegisters.count - vectors <= CallingConvention.integerRegisterParameters)
      for places in [convention.parameters, convention.results] {
        // What is not in a register fills the area without a hole.
        let offsets = places.compactMap { place in
          if case .area(let offset) = place { offset } else { nil }
        }
        #expect(offsets == offsets.indices.map { $0 * CallingConvention.areaSlotByteCount })
        #expect(
          offsets.count * CallingConvention.areaSlotByteCount <= CallingConvention.areaByteCount)
      }
      if let first = convention.results.first { #expect(first == .register) }
      #expect(convention.results.dropFirst().allSatisfy { $0 != .register })
    }
  }

  @Test func registersAreUsedByClass() {
    let parameters = Array(repeating: ValueType.i64, count: 8) + [.f64, .i32, .v128]
    let convention = CallingConvention(FunctionType(parameters: parameters))
    #expect(convention.parameters[8] == .register)
    #expect(convention.parameters[9] == .area(offset: 0))
    #expect(convention.parameters[10] == .register)
  }

  @Test func slots() {
    let layout = SlotLayout([.i32, .v128, .f32, .externref])
    #expect(layout.offsets == [0, 8, 24, 32])
    #expect(layout.byteCount == 40)
    let type = FunctionType(parameters: [.i32], results: [.i64, .v128])
    #expect(SlotLayout.byteCount(calling: type) == 24)
  }
}
