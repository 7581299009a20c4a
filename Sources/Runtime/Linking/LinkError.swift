// Why a module's imports cannot be met.

/// An import that nothing provides, or that something else provides than was asked for.
package struct LinkError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case unknownImport
    /// What was found has another type, both in words.
    case incompatibleType(wanted: String, found: String)
  }

  package let kind: Kind
  package let module: String
  package let name: String
}

extension LinkError: CustomStringConvertible {
  /// Begins with the words of the specification's test suite.
  package var description: String {
    switch kind {
    case .unknownImport: "unknown import: \(module).\(name)"
    case .incompatibleType(let wanted, let found):
      "incompatible import type: \(module).\(name) is a \(found), wanted is a \(wanted)"
    }
  }
}
