// Modules: decoded, checked, compiled.

package import DWARF
import Runtime
import SystemCalls
package import WasmModule
import WasmText

/// A module with its machine code. Immutable, so that stores on several threads can share it; it lives
/// as long as it or any of its instances is held.
public final class Module: @unchecked Sendable {
  package let declarations: WasmModule.Module
  /// What `declarations` was decoded from. Valid as long as this object.
  package let bytes: UnsafeRawBufferPointer
  let code: LoadedCode
  /// Keeps `bytes`.
  private let owner: AnyObject

  /// Takes what is decoded and compiled already; `owner` keeps `bytes`.
  package init(
    _ declarations: WasmModule.Module, bytes: UnsafeRawBufferPointer, code: CompiledCode,
    owner: AnyObject
  ) {
    self.declarations = declarations
    self.bytes = bytes
    self.code = code.core
    self.owner = owner
  }

  /// Decodes, validates and compiles a module in the binary format, which is copied. It takes as long
  /// as the engine's compiler does, and returns when all functions are compiled.
  public convenience init(
    _ binary: some Collection<UInt8>, engine: Engine = Engine()
  ) throws(CompileError) {
    let content = ModuleContent(binary)
    let module: WasmModule.Module
    do throws(ModuleError) {
      module = try WasmModule.Module.decode(content.bytes)
      // Bodies are validated by whoever compiles them.
      try module.validateDeclarations(bytes: content.bytes)
    } catch {
      throw CompileError(error)
    }
    let code = try engine.compile(module, content.bytes)
    self.init(module, bytes: content.bytes, code: code, owner: content)
  }

  /// The same with a module in the text format.
  public convenience init(
    text: String, engine: Engine = Engine()
  ) throws(CompileError) {
    var text = text
    let result = text.withUTF8 { text in
      Result { () throws(TextError) in try WasmText.module(from: UnsafeRawBufferPointer(text)) }
    }
    switch result {
    case .success(let binary): try self.init(binary, engine: engine)
    case .failure(let error):
      throw .text(error.message, line: error.line, column: error.column)
    }
  }

  // MARK: What it has.

  /// Something that a module imports. Defined types in `type` are named by the module's own indices.
  public struct Import: Hashable, Sendable {
    public let module: String
    public let name: String
    public let type: ExternType
  }

  /// Something that a module exports. Defined types in `type` are named by the module's own indices.
  public struct Export: Hashable, Sendable {
    public let name: String
    public let type: ExternType
  }

  public var imports: [Import] {
    declarations.imports.map {
      Import(module: $0.module, name: $0.name, type: ExternType(declarations.type(of: $0)))
    }
  }

  public var exports: [Export] {
    declarations.exports.map {
      Export(name: $0.name, type: ExternType(declarations.type(of: $0)))
    }
  }

  // MARK: Code.

  /// The machine code of each function that it defines; empty where it is still being made.
  package var functionCode: [FunctionCode] {
    code.symbols(importedFunctionCount: declarations.importedFunctionCount).map {
      FunctionCode(index: $0.functionIndex, code: $0.code)
    }
  }

  /// Tells debuggers what its functions are called and, where its code says of which instruction it is,
  /// the lines of its source; does nothing where the code is still being made.
  package func addToDebugger(named name: (UInt32) -> String) {
    // Where memory is lacking the debugger sees no names, and nothing else is amiss.
    _ = code.addToDebugger(
      importedFunctionCount: declarations.importedFunctionCount, named: name, lines: sourceLines)
  }

  // MARK: Lines.

  /// The lines of its source, where it has debug information; reading them takes long.
  package var sourceLines: SourceLines? {
    guard let code = declarations.codeSection(bytes: bytes) else { return nil }
    var sections = DebugSections()
    for (name, section) in [
      (".debug_line", \.lines), (".debug_line_str", \.lineStrings), (".debug_str", \.strings),
      (".debug_info", \.units), (".debug_abbrev", \.abbreviations),
    ] as [(String, WritableKeyPath<DebugSections, UnsafeRawBufferPointer>)] {
      if let content = declarations.customSection(named: name, bytes: bytes) {
        sections[keyPath: section] = content
      }
    }
    return SourceLines(sections, code: code)
  }

  // MARK: Names.

  /// A name for function `index`, fit to be printed.
  package func functionName(_ index: UInt32) -> String? {
    functionNames.printableName(of: index) ?? exportName(of: index, .function)
  }

  /// The names of functions; reading them takes longer than finding one.
  package var functionNames: FunctionNames { declarations.functionNames(bytes: bytes) }

  package func tagName(_ index: UInt32) -> String? {
    declarations.tagNames(bytes: bytes).printableName(of: index) ?? exportName(of: index, .tag)
  }

  /// A name that something is exported under.
  package func exportName(of index: UInt32, _ kind: ExternKind) -> String? {
    declarations.exports.first { $0.kind == kind && $0.index == index }?.name
  }
}

/// A module's bytes at an address that does not change.
private final class ModuleContent {
  let bytes: UnsafeRawBufferPointer

  init(_ content: some Collection<UInt8>) {
    let copy = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, content.count), alignment: 16)
    copy.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(rebasing: copy[..<content.count])
  }

  deinit { bytes.deallocate() }
}
