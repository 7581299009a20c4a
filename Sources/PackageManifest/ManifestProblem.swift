// What is wrong or odd about a manifest.

package import StructuredText

/// Something to tell the package's author.
package struct ManifestProblem: Hashable, Sendable {
  package enum Severity: Hashable, Sendable {
    /// The package cannot be used.
    case error
    /// It can, but something in it does nothing.
    case warning
  }

  package let severity: Severity
  /// The file, relative to the package's folder: the manifest, or one that it names.
  package let file: String
  package let place: SourcePlace
  package let message: String
  package let hint: String?
}

/// Problems of one file, in the order in which they are met.
final class ProblemList {
  private let file: String
  private let bytes: [UInt8]
  private(set) var problems: [ManifestProblem] = []

  init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  func place(_ offset: Int) -> SourcePlace { SourcePlace(of: offset, in: bytes) }

  func error(_ message: String, at place: SourcePlace, hint: String? = nil) {
    add(.error, message, place, hint)
  }

  func error(_ message: String, at offset: Int, hint: String? = nil) {
    add(.error, message, place(offset), hint)
  }

  func warn(_ message: String, at offset: Int, hint: String? = nil) {
    add(.warning, message, place(offset), hint)
  }

  func warn(_ message: String, at place: SourcePlace, hint: String? = nil) {
    add(.warning, message, place, hint)
  }

  func add(_ error: StructuredTextError) { self.error(error.message, at: error.offset) }

  private func add(
    _ severity: ManifestProblem.Severity, _ message: String, _ place: SourcePlace, _ hint: String?
  ) {
    problems.append(
      ManifestProblem(severity: severity, file: file, place: place, message: message, hint: hint))
  }
}
