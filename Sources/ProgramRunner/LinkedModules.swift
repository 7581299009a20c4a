// A program and its libraries, with their code.

import WasmModule
import WasmRuntime

/// The modules that a guest consists of, in the order in which they are instantiated.
struct LinkedModules {
  let libraries: [(name: String, module: WasmRuntime.Module)]
  /// The program, which comes last.
  let main: WasmRuntime.Module

  /// The name of the library that `module` is; nil for the program.
  func libraryName(_ module: WasmRuntime.Module?) -> String? {
    libraries.first { $0.module === module }?.name
  }

  /// Notes which modules have their debug information in other files, which are not read.
  func tellOfLinesElsewhere(_ observer: any RunnerObserver) {
    guard observer.wantsNotes else { return }
    for module in libraries.map(\.module) + [main]
    where module.declarations.customSections.contains(where: { $0.name == "external_debug_info" }) {
      let name = libraryName(module).map { "'\($0)'" } ?? "the program"
      observer.noteIfWanted("the lines of \(name) are in another file, which is not read")
    }
  }
}
