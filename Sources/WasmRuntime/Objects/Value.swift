// Values that pass between host and guest.

package import Runtime
package import WasmModule

/// A WebAssembly value.
///
/// Integers have no sign in WebAssembly; here they are read as signed ones. Floats pass bit for bit,
/// NaNs with their payload.
public enum Value: Equatable {
  case i32(Int32)
  case i64(Int64)
  case f32(Float)
  case f64(Double)
  case v128(low: UInt64, high: UInt64)
  /// nil is null.
  case function(Function?)
  /// The host's own number, below 2^62; nil is null. Guests can keep it and give it back, nothing more.
  case external(UInt64?)
  /// A structure, an array, a 31-bit number or an exception; nil is null.
  case reference(Reference?)
}

/// A guest's reference that the host holds, and so keeps from being collected. It can be given back to
/// guests of the same store, nothing more. It belongs to the store's thread.
public struct Reference: Equatable {
  package let core: Runtime.Value
  package let store: Store

  public static func == (left: Reference, right: Reference) -> Bool { left.core == right.core }
}

extension Value {
  /// The largest number that `external` can hold.
  public static let maximumExternal: UInt64 = 1 << 62 - 1

  package init(_ core: Runtime.Value, in store: Store) {
    self =
      switch core {
      case .i32(let bits): .i32(Int32(bitPattern: bits))
      case .i64(let bits): .i64(Int64(bitPattern: bits))
      case .f32(let bits): .f32(Float(bitPattern: bits))
      case .f64(let bits): .f64(Double(bitPattern: bits))
      case .v128(let low, let high): .v128(low: low, high: high)
      case .function(let function): .function(function.map { Function($0, in: store) })
      case .external(let number): .external(number)
      case .internal(nil), .exception(nil): .reference(nil)
      case .internal, .externalized, .exception: .reference(Reference(core: core, store: store))
      }
  }

  /// The runtime's value; nil where it is not of `type`, or belongs to another store.
  package func core(as type: WasmModule.ValueType, in store: Store) -> Runtime.Value? {
    let core: Runtime.Value
    switch self {
    case .i32(let value): core = .i32(UInt32(bitPattern: value))
    case .i64(let value): core = .i64(UInt64(bitPattern: value))
    case .f32(let value): core = .f32(bits: value.bitPattern)
    case .f64(let value): core = .f64(bits: value.bitPattern)
    case .v128(let low, let high): core = .v128(low: low, high: high)
    case .function(let function):
      guard function.map({ $0.store === store }) ?? true else { return nil }
      core = .function(function?.core)
    case .external(let number):
      guard number ?? 0 <= Self.maximumExternal else { return nil }
      core = .external(number)
    case .reference(nil):
      core = TypeRegistry.hierarchy(of: type) == .exception ? .exception(nil) : .internal(nil)
    case .reference(let reference?):
      guard reference.store === store else { return nil }
      core = reference.core
    }
    return core.matches(type) ? core : nil
  }
}

extension Sequence<Value> {
  /// The runtime's values; nil where one does not fit or their number is another.
  func core(as types: [WasmModule.ValueType], in store: Store) -> [Runtime.Value]? {
    var found: [Runtime.Value] = []
    for value in self {
      guard found.count < types.count, let core = value.core(as: types[found.count], in: store)
      else { return nil }
      found.append(core)
    }
    return found.count == types.count ? found : nil
  }
}

extension Value: CustomStringConvertible {
  /// Numbers in decimal, floats with as many digits as it takes to tell them apart, vectors as 32
  /// hexadecimal digits.
  public var description: String {
    switch self {
    case .i32(let value): "\(value)"
    case .i64(let value): "\(value)"
    case .f32(let value): "\(value)"
    case .f64(let value): "\(value)"
    case .v128(let low, let high): "\(Runtime.Value.v128(low: low, high: high))"
    case .function(nil), .external(nil), .reference(nil): "null"
    case .function(let function?): function.isHost ? "host function" : "function \(function.index)"
    case .external(let number?): "external \(number)"
    case .reference(let reference?): reference.description
    }
  }
}

extension Reference: CustomStringConvertible {
  /// What it refers to, in a word, such as `array`.
  public var description: String {
    switch core {
    case .internal(let reference?): reference.text
    case .externalized(let reference): "external \(reference.text)"
    default: "exception"
    }
  }
}
