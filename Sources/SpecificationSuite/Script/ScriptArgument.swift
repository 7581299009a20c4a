// The values that a script passes to functions.

package import Runtime

/// An argument of an invocation.
package enum ScriptArgument: Equatable {
  case value(Value)
  /// A reference of a type that the engine does not have.
  case unsupported(type: String)
}

extension ScriptArgument {
  /// Reads a scalar or a reference: a type's name in the text format, and decimal digits or `null`.
  init(type: String, text: String) throws {
    if let lane = LaneType(rawValue: type), let number = lane.scalar(try lane.bits(text)) {
      self = .value(number)
    } else {
      self = Value(referenceType: type, text: text).map { .value($0) } ?? .unsupported(type: type)
    }
  }

  /// Reads a vector from its lanes, the lowest first.
  init(laneType: String, lanes: [String]) throws {
    let shape = try LaneType(name: laneType, laneCount: lanes.count)
    var halves: [UInt64] = [0, 0]
    for (index, lane) in lanes.enumerated() {
      let position = index * shape.bitCount
      halves[position / 64] |= try shape.bits(lane) << UInt64(position % 64)
    }
    self = .value(.v128(low: halves[0], high: halves[1]))
  }
}

extension Value {
  /// Reads a null reference, or the host reference that scripts write `(ref.extern n)` or
  /// `(ref.host n)`.
  init?(referenceType: String, text: String) {
    switch (referenceType, text) {
    case ("funcref", "null"): self = .function(nil)
    case ("externref", "null"): self = .external(nil)
    case ("exnref", "null"): self = .exception(nil)
    case ("anyref", "null"): self = .internal(nil)
    case ("externref", let digits), ("anyref", let digits):
      guard let identity = UInt64(digits) else { return nil }
      self = referenceType == "anyref" ? .internal(.host(identity)) : .external(identity)
    default: return nil
    }
  }
}
