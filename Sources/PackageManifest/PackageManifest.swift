// `wasmer.toml`, understood: what a package is made of.

package import StructuredText

/// A value of the manifest, and its place there.
package struct Located<Value: Sendable>: Sendable {
  package let value: Value
  package let place: SourcePlace

  package init(_ value: Value, at place: SourcePlace) {
    self.value = value
    self.place = place
  }
}

/// The manifest of a package. Source: wasmer's `wasmer.toml`, and options of ours below
/// `suggested_compiler_optimizations`.
package struct PackageManifest: Sendable {
  package static let fileName = "wasmer.toml"

  package var package = PackageInformation()
  package var dependencies: [PackageDependency] = []
  package var mounts: [PackageMount] = []
  package var modules: [PackageModule] = []
  package var commands: [PackageCommand] = []

  package func module(_ name: String) -> PackageModule? {
    modules.first { $0.name.value == name }
  }

  package func command(_ name: String) -> PackageCommand? {
    commands.first { $0.name.value == name }
  }

  package func dependency(_ name: String) -> PackageDependency? {
    dependencies.first { $0.name.value == name }
  }
}

/// `[package]`; nothing in it is required.
package struct PackageInformation: Sendable {
  /// `name` or `namespace/name`.
  package var name: Located<String>?
  package var version: Located<String>?
  package var description: Located<String>?
  package var license: Located<String>?
  package var licenseFile: Located<String>?
  package var readme: Located<String>?
  package var repository: Located<String>?
  package var homepage: Located<String>?
  /// The command to run where none is named.
  package var entrypoint: Located<String>?
  package var isPrivate = false
}

/// A line of `[dependencies]`.
package struct PackageDependency: Sendable {
  package enum Source: Sendable, CustomStringConvertible {
    /// From a registry, in a version that meets this requirement.
    case registry(requirement: String)
    /// A package's folder, relative to this one's. An addition of ours.
    case folder(path: String)

    package var description: String {
      switch self {
      case .registry(let requirement): "\(requirement), from a registry"
      case .folder(let path): path
      }
    }
  }

  /// `namespace/name`.
  package let name: Located<String>
  package let source: Source
}

/// A line of `[fs]`: a folder of the package that its programs find open.
package struct PackageMount: Sendable {
  /// Absolute.
  package let guestPath: Located<String>
  /// Relative to the package's folder, and inside it.
  package let hostPath: Located<String>
}

/// A `[[module]]`.
package struct PackageModule: Sendable {
  /// What a module imports, as it says itself.
  package enum ABI: String, CaseIterable, Sendable {
    case none
    case generic
    case wasi
    case emscripten
    case wasm4
  }

  package let name: Located<String>
  /// The module file, relative to the package's folder, and inside it.
  package let source: Located<String>
  package let abi: ABI
  package let hasInterfaces: Bool
  package let suggestions: CodegenSuggestions
}

/// What a package suggests about the code of a module; nil where it says nothing.
package struct CodegenSuggestions: Sendable {
  package var passParameters: Located<Bool>?
  /// 1-3.
  package var optimizationLevel: Located<Int>?
  /// One of `compilers`.
  package var compiler: Located<String>?

  package static let compilers = ["auto", "llvm", "baseline"]

  package init() {}
}

/// A `[[command]]`, in either of its shapes.
package struct PackageCommand: Sendable {
  /// A module of this package, or of one that it depends on.
  package struct ModuleReference: Sendable {
    /// `namespace/name`; nil for this package.
    package let package: String?
    package let module: String
    package let place: SourcePlace
  }

  package let name: Located<String>
  package let module: ModuleReference
  /// nil where the module's ABI decides.
  package let runner: Located<String>?
  package var program = ProgramSettings()
  /// The annotations are in this file instead.
  package var annotationsFile: AnnotationsFile?

  package struct AnnotationsFile: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
      case json
      case yaml
    }

    /// Relative to the package's folder, and inside it.
    package let path: Located<String>
    package let kind: Kind
  }

  /// Whether wasmrun is the one to run it.
  package var isForWASI: Bool {
    guard let runner else { return true }
    let name = runner.value.split(separator: "/").last.map(String.init) ?? ""
    return ["wasi", "wasi@unstable_", "generic"].contains(name)
  }
}

/// `annotations.wasi`: how a program finds its world.
package struct ProgramSettings: Sendable {
  /// `NAME=VALUE` each.
  package var environment: [String] = []
  /// Arguments that come before the user's.
  package var arguments: [String] = []
  /// What relative paths begin at: a path of the guest's.
  package var workingDirectory: Located<String>?
  /// The program's name for itself.
  package var programName: String?
}
