// Why a module is refused: where, in which function, and which rule is broken.

/// A malformed or invalid module.
///
/// The message begins with the words of the specification's test suite and may go on with details.
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
  /// Byte offset in the module. For a declaration without a byte range of its own in `Module`, the
  /// offset of its section.
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

extension ModuleError: CustomStringConvertible {
  package var description: String { description(names: nil) }

  /// Message and place: `type mismatch: … at byte 0x2f in function 'main' (3)`.
  ///
  /// The function's name is added if `names` has one; `Module.functionNames(bytes:)` makes them.
  package func description(names: FunctionNames?) -> String {
    let place = "\(message) at byte 0x\(String(offset, radix: 16))"
    guard let functionIndex else { return place }
    guard let name = names?.printableName(of: functionIndex) else {
      return "\(place) in function \(functionIndex)"
    }
    return "\(place) in function '\(name)' (\(functionIndex))"
  }
}
