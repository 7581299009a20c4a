// Modules that are linked before the program, and where each import comes from.

import Runtime
import StructuredText
import WASI
import WasmModule

/// A module whose exports others import under a name.
struct Library {
  let name: String
  let file: ModuleFile
  let module: Module
}

/// Where the value of an import comes from.
enum ImportSource {
  case host(Extern)
  /// An export of a library that is instantiated by then.
  case library(Int, export: String)

  /// The value, once the first libraries are instantiated.
  func value(_ instances: [Instance]) -> Extern {
    switch self {
    case .host(let value): value
    // `ImportResolver` has seen the export.
    case .library(let index, let name): instances[index].export(name)!
    }
  }
}

/// Finds what modules import, before anything is compiled.
struct ImportResolver {
  let store: Store
  let context: WASIContext
  let libraries: [Library]

  /// One source an import of `module`, which finds the first `count` libraries. A library goes before
  /// WASI where both have the name. No table of names is made, which would cost a start more than
  /// looking the few names up.
  func resolve(
    _ module: Module, _ file: ModuleFile, libraryCount count: Int
  ) throws(EngineError) -> [ImportSource] {
    var found: [ImportSource] = []
    found.reserveCapacity(module.imports.count)
    for wanted in module.imports {
      if let index = libraries[..<count].lastIndex(where: { $0.name == wanted.module }) {
        try check(libraries[index], wanted, file)
        found.append(.library(index, export: wanted.name))
      } else {
        found.append(
          .host(try hostFunction(wanted, module, file, isLibrary: count < libraries.count)))
      }
    }
    return found
  }

  private func check(
    _ library: Library, _ wanted: Import, _ file: ModuleFile
  ) throws(EngineError) {
    guard library.module.export(named: wanted.name) == nil else { return }
    let nearest = nearestWord(to: wanted.name, among: library.module.exports.map(\.name))
    throw .notRunnable(
      file.path,
      "it imports \(wanted.module).\(wanted.name), which '\(library.file.path)' does not export",
      hint: nearest.map { "its nearest export is '\($0)'" })
  }

  private func hostFunction(
    _ wanted: Import, _ module: Module, _ file: ModuleFile, isLibrary: Bool
  ) throws(EngineError) -> Extern {
    guard let function = context.function(named: wanted.name, module: wanted.module) else {
      throw .notRunnable(
        file.path, "it imports \(wanted.module).\(wanted.name), which wasmrun does not provide",
        hint: libraries.isEmpty ? nil : "--preload \(wanted.module)=MODULE provides it")
    }
    // WASI knows one memory, the program's.
    if isLibrary, module.importedMemoryCount == 0 {
      throw .notRunnable(
        file.path,
        "it imports \(wanted.module).\(wanted.name), and a preloaded module can use WASI only with "
          + "a memory that it imports")
    }
    do throws(ResourceError) {
      return .function(try store.makeFunction(function))
    } catch {
      throw Guest.cannotStart(file, error)
    }
  }
}

/// What code was made from, for the names in a backtrace.
struct TrapSources {
  struct Source {
    let code: LoadedCode
    let module: Module
    let bytes: UnsafeRawBufferPointer
    /// nil for the program itself.
    let library: String?
  }

  private let sources: [Source]

  init(
    _ code: LoadedCode, _ module: Module, _ file: ModuleFile, _ codes: [LoadedCode],
    _ libraries: [Library]
  ) {
    sources =
      [Source(code: code, module: module, bytes: file.bytes, library: nil)]
      + zip(codes, libraries).map { code, library in
        Source(
          code: code, module: library.module, bytes: library.file.bytes, library: library.name)
      }
  }

  /// The program's where none is known.
  subscript(_ code: LoadedCode) -> Source { sources.first { $0.code === code } ?? sources[0] }
}
