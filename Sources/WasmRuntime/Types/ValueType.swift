// Types as embedders see them.

package import WasmModule

/// The type of a value. Spec: core 3.0 §2.3.5.
public struct ValueType: Hashable, Sendable {
  /// Names other types by the process's ids, never by a module's indices.
  package let core: WasmModule.ValueType

  package init(_ core: WasmModule.ValueType) { self.core = core }

  public static let i32 = ValueType(.i32)
  public static let i64 = ValueType(.i64)
  public static let f32 = ValueType(.f32)
  public static let f64 = ValueType(.f64)
  public static let v128 = ValueType(.v128)
  /// A function of the same store, or null.
  public static let funcref = ValueType(.funcref)
  /// A number of the host's, or null.
  public static let externref = ValueType(.externref)
  /// A structure, an array, a 31-bit number, or null.
  public static let anyref = ValueType(.reference(.any, nullable: true))
  /// An exception, or null.
  public static let exnref = ValueType(.exnref)

  /// Whether this is the type of references.
  public var isReference: Bool { core.isReference }
}

extension ValueType: CustomStringConvertible {
  /// The type in the text format's spelling. A defined type shows as a number that is the process's.
  public var description: String { core.description }
}

/// What a function takes and returns. Spec: core 3.0 §2.3.8.
public struct FunctionType: Hashable, Sendable {
  public var parameters: [ValueType]
  public var results: [ValueType]

  public init(_ parameters: [ValueType] = [], _ results: [ValueType] = []) {
    self.parameters = parameters
    self.results = results
  }

  package init(_ core: WasmModule.FunctionType) {
    self.init(core.parameters.map { ValueType($0) }, core.results.map { ValueType($0) })
  }

  package var core: WasmModule.FunctionType {
    WasmModule.FunctionType(parameters: parameters.map(\.core), results: results.map(\.core))
  }
}

extension FunctionType: CustomStringConvertible {
  /// Such as `[i32 i32] -> [i64]`.
  public var description: String { core.description }
}
