// A program made of a reactor: a library whose host would write arguments into its memory.

import WasmModule

/// Adds `_start` to QuickJS as it is distributed for hosts, which are to call `_initialize`, put a
/// command line into memory that `malloc` gives, and call `qjs_init_argv` with it. The function added
/// does that, with a command line that is fixed; so the module runs as any other program does.
package enum ReactorProgram {
  private static let entry = "qjs_init_argv"
  private static let end = "qjs_destroy"

  /// `module` with a `_start` that runs the command line `words`; it traps where that fails.
  package static func program(
    of module: [UInt8], running words: [String]
  ) throws(RewritingError) -> [UInt8] {
    var sections = try ModuleSections(module)
    let reactor = sections.declarations
    func function(_ name: String) throws(RewritingError) -> Int {
      guard let export = reactor.export(named: name), export.kind == .function else {
        throw RewritingError("it exports no function '\(name)'")
      }
      return Int(export.index)
    }
    guard reactor.export(named: "_start") == nil else {
      throw RewritingError("it is a program already")
    }
    let initialize = try function("_initialize")
    guard (reactor.importedFunctionCount..<reactor.functions.count).contains(initialize) else {
      throw RewritingError("its _initialize is not its own")
    }
    let body = Self.body(
      words, initialize: initialize, allocate: try function("malloc"), run: try function(entry),
      end: try function(end))
    // _start has the type that _initialize has: nothing in, nothing out.
    try sections.append(unsigned(Int(reactor.functions[initialize])), count: 1, to: .function)
    try sections.append(
      name("_start") + [0] + unsigned(reactor.functions.count), count: 1, to: .export)
    try sections.append(unsigned(body.count) + body, count: 1, to: .code)
    return sections.bytes
  }

  private static func body(
    _ words: [String], initialize: Int, allocate: Int, run: Int, end: Int
  ) -> [UInt8] {
    var text: [UInt8] = []
    var offsets: [Int] = []
    for word in words {
      offsets.append(text.count)
      text += Array(word.utf8) + [0]
    }
    while text.count % 4 != 0 { text.append(0) }
    let vector = text.count
    // One local, an i32: where the block is.
    var code: [UInt8] = [1, 1, 0x7F]
    code += call(initialize)
    code += constant(vector + 4 * words.count) + call(allocate) + [0x21, 0]
    for at in stride(from: 0, to: text.count, by: 4) {
      let number = text[at..<at + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      code += block + constant(Int(Int32(bitPattern: number))) + store(at)
    }
    for (index, offset) in offsets.enumerated() {
      code += block + block + constant(offset) + [add] + store(vector + 4 * index)
    }
    code += constant(words.count) + block + constant(vector) + [add] + call(run)
    // if (a status other than 0) unreachable
    code += [0x04, 0x40, 0x00, 0x0B]
    return code + call(end) + [0x0B]
  }

  // The instructions that are needed. Spec: core 3.0 §5.4.

  private static let block: [UInt8] = [0x20, 0]
  private static let add: UInt8 = 0x6A
  private static func call(_ function: Int) -> [UInt8] { [0x10] + unsigned(function) }
  private static func constant(_ value: Int) -> [UInt8] { [0x41] + signed(value) }
  private static func store(_ offset: Int) -> [UInt8] { [0x36, 2] + unsigned(offset) }
}
