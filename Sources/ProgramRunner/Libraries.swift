// Modules that are linked before the program, and where each import comes from.

import StructuredText
import SystemCalls
import WASI
import WasmModule
import WasmRuntime

/// A module whose exports others import under a name.
struct Library {
  let name: String
  let file: ModuleFile
  let runnable: RunnableModule

  init(name: String, _ path: OSString) throws(RunnerError) {
    self.name = name
    file = try ModuleFile(path)
    runnable = try RunnableModule(file)
  }

  var module: WasmModule.Module { runnable.module }
}

extension Library {
  /// The modules to link before the program: those that the user names, then those that it, or a
  /// library of it, needs. A needed one is what the user has given its name to, else the file beside
  /// the program.
  static func load(
    _ named: [PreloadedLibrary], for program: RunnableModule
  ) throws(RunnerError) -> [Library] {
    var libraries: [Library] = []
    for wanted in named {
      libraries.append(try Library(name: wanted.name, wanted.path))
    }
    guard let section = try DynamicLinking.section(program) else { return libraries }
    var needed: [Library] = []
    var path: [String] = []
    for name in section.needed {
      try add(name, beside: program, named: libraries, to: &needed, &path)
    }
    // A library that is needed has been moved to where its own needs are met.
    let names = Set(needed.map(\.name))
    return libraries.filter { !names.contains($0.name) } + needed
  }

  /// Adds the library `name` to `needed`, behind those that it needs itself. `path` are the libraries
  /// that are being added.
  private static func add(
    _ name: String, beside program: RunnableModule, named: [Library], to needed: inout [Library],
    _ path: inout [String]
  ) throws(RunnerError) {
    guard !needed.contains(where: { $0.name == name }) else { return }
    guard !path.contains(name) else {
      throw .notRunnable(
        program.path, "its libraries need each other in a circle: '\(name)' is one of them")
    }
    path.append(name)
    defer { path.removeLast() }
    let library: Library
    if let given = named.last(where: { $0.name == name }) {
      library = given
    } else {
      guard !name.isEmpty, !name.contains("/"), name != ".." else {
        throw .notRunnable(program.path, "it needs the library '\(name)', which is no file's name")
      }
      library = try Library(name: name, program.path.sibling(name))
    }
    guard let section = try DynamicLinking.section(library.runnable) else {
      throw .notRunnable(
        library.runnable.path, "'\(program.path)' needs it as a shared library, and it is none",
        hint: "link it with -shared")
    }
    for name in section.needed {
      try add(name, beside: program, named: named, to: &needed, &path)
    }
    needed.append(library)
  }
}

extension OSString {
  /// The path of the file `name` in the same folder.
  fileprivate func sibling(_ name: String) -> OSString {
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return OSString(name) }
    return OSString(bytes: bytes[...slash]) + OSString(name)
  }
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
    case .library(let index, let name): instances[index][name]!
    }
  }
}

/// Finds what modules import, before anything is compiled.
struct ImportResolver {
  let store: Store
  let context: WASIContext
  let libraries: [Library]
  /// nil where the program is linked statically.
  let dynamic: DynamicLinking?
  /// nil where the program starts no threads.
  let threads: GuestThreads?
  /// Whether it may.
  let allowsThreads: Bool

  /// One source an import of `module`, which finds the first `count` libraries. A library goes before
  /// WASI where both have the name. No table of names is made, which would cost a start more than
  /// looking the few names up.
  func resolve(
    _ importer: RunnableModule, libraryCount count: Int
  ) throws(RunnerError) -> [ImportSource] {
    let module = importer.module
    var found: [ImportSource] = []
    found.reserveCapacity(module.imports.count)
    for wanted in module.imports {
      if let value = try dynamic?.value(wanted, moduleIndex: count, store, importer.path) {
        found.append(.host(value))
      } else if dynamic != nil, wanted.module == "env",
        let index = libraries[..<count].firstIndex(where: {
          $0.module.export(named: wanted.name) != nil
        })
      {
        found.append(.library(index, export: wanted.name))
      } else if let index = libraries[..<count].lastIndex(where: { $0.name == wanted.module }) {
        try check(libraries[index], wanted, importer.path)
        found.append(.library(index, export: wanted.name))
      } else {
        found.append(
          .host(try hostFunction(wanted, importer, isLibrary: count < libraries.count)))
      }
    }
    return found
  }

  private func check(
    _ library: Library, _ wanted: WasmModule.Import, _ importer: OSString
  ) throws(RunnerError) {
    guard library.module.export(named: wanted.name) == nil else { return }
    let nearest = nearestWord(to: wanted.name, among: library.module.exports.map(\.name))
    throw .notRunnable(
      importer,
      "it imports \(wanted.module).\(wanted.name), which '\(library.runnable.path)' does not export",
      hint: nearest.map { "its nearest export is '\($0)'" })
  }

  private func hostFunction(
    _ wanted: WasmModule.Import, _ importer: RunnableModule, isLibrary: Bool
  ) throws(RunnerError) -> Extern {
    if let value = try threadValue(wanted, importer) { return value }
    guard let function = context.function(named: wanted.name, module: wanted.module) else {
      throw .notRunnable(
        importer.path, "it imports \(wanted.module).\(wanted.name), which wasmrun does not provide",
        hint: libraries.isEmpty ? nil : "--preload \(wanted.module)=MODULE provides it")
    }
    // WASI knows one memory, the program's.
    if isLibrary, importer.module.importedMemoryCount == 0 {
      throw .notRunnable(
        importer.path,
        "it imports \(wanted.module).\(wanted.name), and a preloaded module can use WASI only with "
          + "a memory that it imports")
    }
    return try made(importer) { () throws(ResourceError) in
      .function(try store.makeFunction(function))
    }
  }

  /// What programs with threads import; nil for everything else.
  private func threadValue(
    _ wanted: WasmModule.Import, _ importer: RunnableModule
  ) throws(RunnerError) -> Extern? {
    if GuestThreads.isSpawn(wanted) {
      guard let main = threads?.main else {
        throw .notRunnable(
          importer.path,
          allowsThreads
            ? "it imports \(wanted.module).\(wanted.name), and only the program can start threads"
            : "it imports \(wanted.module).\(wanted.name), and may not start threads",
          hint: allowsThreads ? nil : "--threads lets it")
      }
      return try made(importer) { () throws(ResourceError) in
        .function(try store.makeFunction(main.spawnFunction))
      }
    }
    guard case .memory(let type) = importer.module.type(of: wanted), type.limits.isShared else {
      return nil
    }
    guard allowsThreads else {
      throw .notRunnable(
        importer.path,
        "it imports the shared memory \(wanted.module).\(wanted.name), as programs with threads do",
        hint: "--threads provides it")
    }
    return try made(importer) { () throws(ResourceError) in
      .memory(try Memory(MemoryType(type), in: store))
    }
  }

  private func made(
    _ importer: RunnableModule, _ make: () throws(ResourceError) -> Extern
  ) throws(RunnerError) -> Extern {
    do throws(ResourceError) { return try make() } catch {
      throw Guest.cannotStart(importer.path, error)
    }
  }
}
