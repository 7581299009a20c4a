// A module's globals moved into a module of their own: the indirect layout, made outside of compilers.

import WasmModule

/// A program that imports all of its globals, and the library that exports them.
///
/// Compiled code reaches the globals of another module through a pointer in the VMContext, as it would
/// reach all of them in a runtime whose VMContext holds pointers to globals. So the layout that wasmrun
/// did not choose can be measured without a compiler that knows it.
package struct MovedGlobals {
  /// The name under which the program expects the library.
  package static let libraryName = "globals"

  package let program: [UInt8]
  package let library: [UInt8]

  /// Imported globals come before a module's own in the index space. A module that imports none keeps
  /// the index of each, and no function has to be rewritten. Throws where `module` imports globals, or
  /// has initial values that are no single constants.
  package init(of module: [UInt8]) throws(RewritingError) {
    var sections = try ModuleSections(module)
    guard sections.declarations.importedGlobalCount == 0 else {
      throw RewritingError("it imports globals itself")
    }
    let globals = try Self.globals(sections)
    sections.remove(.global)
    var imports: [UInt8] = []
    var exports: [UInt8] = []
    for (index, global) in globals.enumerated() {
      imports += name(Self.libraryName) + name("\(index)") + [3] + global.type
      exports += name("\(index)") + [3] + unsigned(index)
    }
    if !globals.isEmpty { try sections.append(imports, count: globals.count, to: .import) }
    program = sections.bytes
    var library = ModuleSections()
    try library.append(
      globals.flatMap { $0.type + $0.value }, count: globals.count, to: .global)
    try library.append(exports, count: globals.count, to: .export)
    self.library = library.bytes
  }

  /// A global's type, two bytes, and its initial value, an expression.
  private typealias Global = (type: [UInt8], value: [UInt8])

  private static func globals(_ sections: ModuleSections) throws(RewritingError) -> [Global] {
    guard let content = sections[.global] else { return [] }
    var reader = SectionReader(content)
    let count = try reader.unsigned()
    var globals: [Global] = []
    for _ in 0..<count {
      let type = try reader.bytes(count: 2)
      let start = reader.position
      try skipConstant(&reader)
      globals.append((type, Array(reader.bytes(since: start))))
    }
    return globals
  }

  /// Steps over an expression that is `i32.const` to `f64.const` and `end`. Spec: core 3.0 §5.4.6.
  private static func skipConstant(_ reader: inout SectionReader) throws(RewritingError) {
    let opcode = try reader.byte()
    switch opcode {
    case 0x41, 0x42: while try reader.byte() >= 0x80 {}
    case 0x43: _ = try reader.bytes(count: 4)
    case 0x44: _ = try reader.bytes(count: 8)
    default: throw RewritingError("a global's initial value begins with the opcode \(opcode)")
    }
    guard try reader.byte() == 0x0B else {
      throw RewritingError("a global's initial value is no single constant")
    }
  }
}
