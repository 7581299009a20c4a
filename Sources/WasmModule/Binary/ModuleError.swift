// Why a module is refused: where, in which function, and which rule is broken.

/// A malformed or invalid module. The message follows the specification's test suite.
package struct ModuleError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The bytes do not follow the binary format (spec: core 3.0 §5).
    case malformed
    /// The module breaks a typing rule (spec: core 3.0 §3).
    case invalid
    /// Well-formed, but beyond a limit of this implementation or a feature it does not have.
    case unsupported
  }

  package var kind: Kind
  package var message: String
  /// Byte offset in the module.
  package var offset: Int
  /// The function (in the function index space) whose body is wrong.
  package var functionIndex: UInt32?

  package init(_ kind: Kind, _ message: String, at offset: Int, functionIndex: UInt32? = nil) {
    self.kind = kind
    self.message = message
    self.offset = offset
    self.functionIndex = functionIndex
  }
}
