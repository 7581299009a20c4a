// A program and its libraries, with their code.

import WasmRuntime

/// The modules that a guest consists of, in the order in which they are instantiated.
struct LinkedModules {
  let libraries: [(name: String, module: Module)]
  /// The program, which comes last.
  let main: Module

  /// The name of the library that `module` is; nil for the program.
  func libraryName(_ module: Module?) -> String? {
    libraries.first { $0.module === module }?.name
  }
}
