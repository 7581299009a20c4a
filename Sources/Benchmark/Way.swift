// The ways to reach globals and memory that are compared.

package import CompilerInterface

/// Whose code it is.
package enum Compiler: String, CaseIterable, Sendable {
  case llvm
  case baseline

  package var title: String {
    switch self {
    case .llvm: "LLVM"
    case .baseline: "The baseline compiler"
    }
  }
}

/// A way to make code.
package struct Way: Sendable {
  /// As a command line names it.
  package let name: String
  /// As tables and charts name it.
  package let title: String
  package let options: CodegenOptions
  /// The module's globals are those of another one: see `MovedGlobals`.
  package let movesGlobals: Bool
  /// The compilers that know it.
  package let compilers: [Compiler]
  /// Code made so may do something else than the module says. Never offered to users.
  package let isUnsafe: Bool

  private init(
    _ name: String, _ title: String, movesGlobals: Bool = false,
    by compilers: [Compiler] = Compiler.allCases, isUnsafe: Bool = false,
    _ change: (inout CodegenOptions) -> Void = { _ in }
  ) {
    self.name = name
    self.title = title
    self.movesGlobals = movesGlobals
    self.compilers = compilers
    self.isUnsafe = isUnsafe
    var options = CodegenOptions()
    change(&options)
    self.options = options
  }
}

extension Way {
  /// What wasmrun does unless it is told otherwise: the others are compared with it.
  package static let standard = Way("parameter", "inline globals, base a parameter")

  /// All ways, in the order in which tables have them.
  package static let all: [Way] = [
    Way("indirect", "indirect globals, base reloaded", movesGlobals: true) {
      $0.passParameters = false
    },
    Way("indirect-parameter", "indirect globals, base a parameter", movesGlobals: true),
    Way("reload", "inline globals, base reloaded") { $0.passParameters = false },
    standard,
    Way("gs", "inline globals, base in GS") {
      $0.passParameters = false
      $0.usesSegmentBase = true
    },
    Way("global-zero", "global 0 and base parameters", by: [.llvm], isUnsafe: true) {
      $0.passesGlobalZero = true
    },
  ]

  package static func named(_ name: String) -> Way? { all.first { $0.name == name } }
}
