// Canonical types.

import Runtime
import Testing
import WasmModule

@Suite struct TypeRegistryTests {
  /// Enough types to enlarge the table several times; each keeps its id.
  @Test func manyTypes() throws {
    let values: [ValueType] = [.i32, .i64, .f32, .f64, .v128, .funcref, .externref]
    var types: [FunctionType] = []
    for number in 0..<2_401 {
      // The digits of the number, cut in two at each place.
      let digits = [number % 7, number / 7 % 7, number / 49 % 7, number / 343].map { values[$0] }
      for cut in 0...4 {
        types.append(
          FunctionType(parameters: Array(digits[..<cut]), results: Array(digits[cut...])))
      }
    }
    func module(_ types: some Sequence<FunctionType>) -> Module {
      var module = Module()
      module.types = types.map { SubType($0) }
      return module
    }
    let ids = try TypeRegistry.ids(of: module(types))
    #expect(Set(ids).count == types.count)
    #expect(!ids.contains(0))
    #expect(try TypeRegistry.ids(of: module(types.reversed())) == ids.reversed())
    for (type, id) in zip(types, ids) where TypeRegistry.type(id) != type {
      Issue.record("\(type) is not what id \(id) stands for")
    }
    #expect(try TypeRegistry.id(of: types[77]) == ids[77])
  }

  @Test func emptyType() throws {
    let id = try TypeRegistry.id(of: FunctionType())
    #expect(id >= 1)
    #expect(TypeRegistry.type(id) == FunctionType())
  }
}
