// The names by which the parts of an image refer to each other until they are linked.

/// A symbol of an image. Objects spell it as `name`.
package enum ImageSymbol: Hashable, Sendable {
  /// The body of a defined function, by its index in the function index space: `f12`.
  case function(UInt32)
  /// The entry thunk of a type: `e3`.
  case entryThunk(UInt32)
  /// The host thunk of a type: `h3`.
  case hostThunk(UInt32)
  /// A helper that code generation relies on, or whatever else an object names.
  case other(String)

  package var name: String {
    switch self {
    case .function(let index): "f\(index)"
    case .entryThunk(let index): "e\(index)"
    case .hostThunk(let index): "h\(index)"
    case .other(let name): name
    }
  }

  /// The symbol that `name` spells.
  package init(name: String) {
    let digits = name.utf8.dropFirst()
    guard let kind = name.utf8.first, let first = digits.first, first != UInt8(ascii: "+"),
      let index = UInt32(Substring(digits))
    else {
      self = .other(name)
      return
    }
    switch kind {
    case UInt8(ascii: "f"): self = .function(index)
    case UInt8(ascii: "e"): self = .entryThunk(index)
    case UInt8(ascii: "h"): self = .hostThunk(index)
    default: self = .other(name)
    }
  }
}
