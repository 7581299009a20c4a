// Which functions are compiled together.

internal import WasmModule

extension Unit {
  /// Bytes of bodies in a unit: large enough that declarations and set-up do not count, small
  /// enough that threads share the work evenly and little IR lives at a time.
  static let byteCount = 64 << 10

  /// All defined functions in units of neighbours, which linkers take from the same source file.
  static func partition(_ program: Program) -> [Unit] {
    var units: [Unit] = []
    var size = Int.max
    let imported = program.module.importedFunctionCount
    for index in imported..<program.module.functions.count {
      let function = UInt32(index)
      let byteCount = program.byteCount(function)
      if size >= Self.byteCount {
        units.append(Unit(functions: []))
        size = 0
      }
      units[units.count - 1].functions.append(function)
      size += byteCount
    }
    return units
  }
}
