// How large a module's parts may be, beyond what the specification demands.

/// Limits of this implementation. Spec: core 3.0 §A.2 allows them; the numbers are those of the
/// WebAssembly JavaScript Interface ("Limits"), which toolchains keep to.
package enum ImplementationLimits {
  /// Bytes of a module.
  package static let moduleByteCount = 1 << 30
  package static let types = 1_000_000
  package static let functions = 1_000_000
  package static let imports = 1_000_000
  package static let exports = 1_000_000
  package static let globals = 1_000_000
  package static let tables = 100_000
  package static let tags = 1_000_000
  package static let memories = 100
  package static let elementSegments = 100_000
  package static let elementSegmentItems = 10_000_000
  package static let dataSegments = 100_000
  package static let parameters = 1_000
  package static let results = 1_000
  /// Fields of a structure.
  package static let fields = 10_000
  /// Types above a type.
  package static let subtypeDepth = 63
  /// Locals that a body declares.
  package static let locals = 50_000
  /// Bytes of a function body.
  package static let bodyByteCount = 7_654_321
  /// Values on the operand stack at once. Bounds the validator's memory: a two-byte call can push
  /// `results` values.
  package static let operands = 1 << 20
}
