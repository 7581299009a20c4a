// Puts an object where the program that runs finds it.

internal import CompileService
internal import CompilerInterface
internal import WasmModule

/// Links objects one at a time for their places in a code region.
struct UnitPublisher: Sendable {
  private let region: CodeRegion
  /// What the code of any unit may refer to: linked with each, for it is small.
  private let helpers: LinkableObject
  private let importedFunctionCount: Int
  /// None: the region has stubs for them, which never change.
  private let tableEntries: [Bool]

  init(_ program: Program, _ region: CodeRegion, helpers: LinkableObject) {
    self.region = region
    self.helpers = helpers
    importedFunctionCount = program.module.importedFunctionCount
    tableEntries = Array(repeating: false, count: program.module.definedFunctionCount)
  }

  /// The name of a loop's code.
  static func symbol(of loop: LoopRequest) -> ImageSymbol { .other("loop\(loop.number)") }

  /// Links `object`, whose one function is the code of `loop` if there is one, and publishes it.
  /// Returns false where the region is full: the program goes on with the code that it has.
  func publish(
    _ object: LinkableObject, loop: LoopRequest? = nil
  ) throws(LinkingError) -> Bool {
    let objects = [object, helpers]
    let alignment = objects.flatMap(\.sections).reduce(16) { max($0, $1.alignment) }
    let byteLimit = alignment + objects.reduce(0) { $0 + linkedByteLimit(of: $1) }
    return try region.add(.optimized, byteLimit: byteLimit) {
      (textOffset) throws(LinkingError) in
      // The text begins at a page, so offsets are aligned as addresses are.
      let start = (textOffset + alignment - 1) & -alignment
      let tableOffset = region.distance(from: start, toRegion: CodeRegionLayout.slots)
      let linked = try ImageLinker.link(
        objects, .dispatchSlots(tableOffset: tableOffset),
        importedFunctionCount: importedFunctionCount, tableEntries: tableEntries,
        entryCode: [])
      return addition(linked, UInt32(start - textOffset), object, loop)
    }
  }

  /// What an object takes up at most, once it is linked.
  private func linkedByteLimit(of object: LinkableObject) -> Int {
    let sections = object.sections.reduce(0) { $0 + $1.bytes.count + max($1.alignment, 16) }
    // A stub of six bytes for each function elsewhere, aligned to eight.
    return sections + 16 + object.symbols.count { $0.definition == nil } * 8
  }

  private func addition(
    _ linked: LinkedText, _ shift: UInt32, _ object: LinkableObject, _ loop: LoopRequest?
  ) -> CodeRegion.Addition {
    var addition = CodeRegion.Addition()
    addition.bytes = Array(repeating: 0xCC, count: Int(shift)) + linked.bytes
    addition.pads = linked.pads.map {
      PadRecord(start: $0.start + shift, end: $0.end + shift, pad: $0.pad + shift)
    }
    for symbol in object.symbols {
      guard let definition = symbol.definition, definition.isGlobal else { continue }
      if case .function(let index) = symbol.name {
        let place = Int(index) - importedFunctionCount
        guard let record = linked.functions[place] else { continue }
        addition.functions.append((place, Int(record.body + shift)))
        add(record.body + shift, record.byteCount, place, to: &addition)
      } else if let loop, symbol.name == Self.symbol(of: loop),
        let offset = linked.symbols[symbol.name]
      {
        addition.loops.append((loop.number, Int(offset + shift)))
        let place = Int(loop.function) - importedFunctionCount
        add(offset + shift, UInt32(definition.byteCount), place, to: &addition)
      }
    }
    addition.records.sort { $0.start < $1.start }
    return addition
  }

  private func add(
    _ start: UInt32, _ byteCount: UInt32, _ place: Int, to addition: inout CodeRegion.Addition
  ) {
    addition.records.append(
      CodeRecord(start: start, end: start + byteCount, function: UInt32(place)))
  }
}
