// What of the specification a module may use.

/// Features that a validation can be without, so that modules are held to an earlier version of the
/// specification. Those that no test suite asks to be without are not here: they are always on.
package struct Features: OptionSet, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// More than one memory. WebAssembly 3.0.
  package static let multipleMemories = Features(rawValue: 1)
  /// More than one table. WebAssembly 2.0.
  package static let multipleTables = Features(rawValue: 2)

  /// WebAssembly 3.0 and what this release has besides.
  package static let all: Features = [.multipleMemories, .multipleTables]
}
