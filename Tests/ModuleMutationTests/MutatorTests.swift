// The mutator: what it takes apart it puts together again, and its mutants are worth their time.

import Testing
import WasmModule

@testable import ModuleMutation

@Suite struct MutatorTests {
  /// A function type, a function, a memory of one page, and
  /// `(func (param i32) (result i32) (i32.load offset=200 (local.get 0)))`.
  private static let module: [UInt8] =
    [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    + [1, 6, 1, 0x60, 1, 0x7F, 1, 0x7F] + [3, 2, 1, 0] + [5, 3, 1, 0, 1]
    + [10, 10, 1, 8, 0, 0x20, 0, 0x28, 2, 0xC8, 1, 0x0B]

  @Test func sketchesAreWhole() throws {
    let sketch = try #require(ModuleSketch(Self.module))
    #expect(sketch.sections.map(\.id) == [1, 3, 5, 10])
    guard case .bodies(let bodies) = sketch.sections[3].content else {
      Issue.record("the code section is not taken apart")
      return
    }
    #expect(bodies.map(\.locals) == [[0]])
    #expect(bodies.map(\.instructions) == [[[0x20, 0], [0x28, 2, 0xC8, 1], [0x0B]]])
    #expect(sketch.assembled() == Self.module)
  }

  @Test func liesAreTold() throws {
    var sketch = try #require(ModuleSketch(Self.module))
    sketch.sections[0].lie.size = -1
    sketch.sections[1].lie.count = 1
    sketch.sections[2].lie.padding = 2
    #expect(
      sketch.assembled().dropFirst(8).starts(with: [
        1, 5, 1, 0x60, 1, 0x7F, 1, 0x7F, 3, 2, 2, 0, 5, 0x83, 0x80, 0, 1, 0, 1, 10,
      ]))
  }

  @Test(arguments: [[], [0, 0x61], module + [5], module + [0, 2, 1]])
  func partsThatCannotBeToldApartAreNot(bytes: [UInt8]) {
    #expect(ModuleSketch(bytes) == nil)
  }

  @Test func integers() {
    #expect(unsigned(300) == [0xAC, 2])
    #expect(unsigned(0, padding: 2) == [0x80, 0x80, 0])
    #expect(readUnsigned([9, 0xAC, 2], at: 1).map { [Int($0.value), $0.end] } == [300, 3])
    #expect(readUnsigned([0x80, 0x80], at: 0) == nil)
  }

  @Test func theSameNumbersGiveTheSameMutants() {
    let mutator = Mutator(seeds: [Self.module])
    let mutants = (0..<500 as Range<UInt64>).map { mutator.mutant($0, series: 7) }
    #expect(mutants == (0..<500 as Range<UInt64>).map { mutator.mutant($0, series: 7) })
    #expect(mutants != (0..<500 as Range<UInt64>).map { mutator.mutant($0, series: 8) })
    #expect(Set(mutants).count > 300)
  }

  /// A seed that is no module is mutated, too, and one without a byte does no harm.
  @Test func anySeedWillDo() {
    let mutator = Mutator(seeds: [[], [1, 2, 3], Self.module])
    var kinds: Set<String> = []
    for number in 0..<2_000 as Range<UInt64> {
      switch Verdict(mutator.mutant(number, series: 1)) {
      case .accepted: kinds.insert("accepted")
      case .refused(let error): kinds.insert("\(error.kind)")
      case .broken(let what): Issue.record("\(what)")
      }
    }
    #expect(kinds.isSuperset(of: ["accepted", "malformed", "invalid"]))
  }
}
