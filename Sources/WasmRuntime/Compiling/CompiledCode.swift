// A module's machine code, wherever it came from.

package import CompilerInterface
import Runtime
package import SystemCalls

/// Why an image of code, or of a module, cannot be used.
package enum CodeLoadError: Error, Hashable {
  case system(Errno)
  case image(CodeImageError)

  /// The reason in words.
  package var reason: String {
    switch self {
    case .system(let error): "\(error)"
    case .image(let error): "\(error)"
    }
  }
}

/// Mapped code, to make a `Module` with. Immutable.
package struct CompiledCode: Sendable {
  let core: LoadedCode

  init(_ core: LoadedCode) { self.core = core }

  /// Maps the image in `file`, which may be closed afterwards but never changed. All of it is checked
  /// but the text.
  package init(_ file: FileDescriptor) throws(CodeLoadError) {
    do throws(LoadedCode.LoadError) {
      core = try LoadedCode(file)
    } catch {
      switch error {
      case .system(let error): throw .system(error)
      case .image(let error): throw .image(error)
      }
    }
  }

  /// Header and tables of the image; nil for code that is still being made.
  package var image: CodeImageView? { core.image }
}
