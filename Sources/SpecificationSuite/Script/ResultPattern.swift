// The results that a script expects, and whether a value is one of them.

package import Runtime

/// What a script accepts as a result.
package enum ResultPattern: Equatable {
  /// This value, to the bit.
  case value(Value)
  /// An f32 or f64 that is a NaN of this kind.
  case nan(LaneType, NaNKind)
  case vector(LaneType, [Lane])
  /// A null reference of whatever type.
  case anyNull
  /// Any function, not null.
  case anyFunction
  /// Any external reference, not null.
  case anyExternal
  /// A reference of the `any` family, not null, of one of these kinds.
  case `internal`([InternalKind])
  /// Any exception, not null.
  case anyException
  case either([ResultPattern])
  /// A reference of a type that the engine does not have.
  case unsupported(type: String)

  /// What a reference of the `any` family can be.
  package enum InternalKind: Equatable, CaseIterable {
    case i31, structure, array, host

    init(_ reference: InternalReference) {
      switch reference {
      case .i31: self = .i31
      case .object(let object): self = object.isArray ? .array : .structure
      case .host: self = .host
      }
    }
  }

  /// The NaNs that a script can ask for; the raw value is the spelling in scripts.
  /// Spec: core 3.0 §4.3.3 (NaN propagation).
  package enum NaNKind: String {
    /// The payload is only the quiet bit; either sign.
    case canonical = "nan:canonical"
    /// The quiet bit is set, whatever the rest.
    case arithmetic = "nan:arithmetic"
  }

  package enum Lane: Equatable {
    case bits(UInt64)
    case nan(NaNKind)
  }
}

extension ResultPattern {
  /// Reads a scalar's or a reference's pattern.
  init(type: String, text: String) throws {
    if let lane = LaneType(rawValue: type) {
      if let kind = NaNKind(rawValue: text) {
        self = .nan(lane, kind)
      } else {
        self = lane.scalar(try lane.bits(text)).map { .value($0) } ?? .unsupported(type: type)
      }
    } else {
      self = Value(referenceType: type, text: text).map { .value($0) } ?? .unsupported(type: type)
    }
  }

  /// Reads a vector's pattern from its lanes, the lowest first.
  init(laneType: String, lanes: [String]) throws {
    let shape = try LaneType(name: laneType, laneCount: lanes.count)
    self = .vector(
      shape,
      try lanes.map { lane in
        if let kind = NaNKind(rawValue: lane) { return .nan(kind) }
        return .bits(try shape.bits(lane))
      })
  }

  /// The pattern that a reference type without a value stands for.
  init(referenceType: String) {
    switch referenceType {
    case "refnull": self = .anyNull
    case "nullfuncref": self = .value(.function(nil))
    case "nullexternref": self = .value(.external(nil))
    case "nullexnref": self = .value(.exception(nil))
    case "funcref": self = .anyFunction
    case "externref": self = .anyExternal
    case "nullref": self = .value(.internal(nil))
    case "anyref": self = .internal(InternalKind.allCases)
    case "eqref": self = .internal([.i31, .structure, .array])
    case "i31ref": self = .internal([.i31])
    case "structref": self = .internal([.structure])
    case "arrayref": self = .internal([.array])
    case "exnref": self = .anyException
    default: self = .unsupported(type: referenceType)
    }
  }

  /// The first type in the pattern that the engine does not have.
  package var unsupportedType: String? {
    switch self {
    case .unsupported(let type): type
    case .either(let patterns): patterns.lazy.compactMap(\.unsupportedType).first
    default: nil
    }
  }
}

extension ResultPattern {
  /// Whether `value` is a result that the script accepts.
  package func matches(_ value: Value) -> Bool {
    switch (self, value) {
    case (.value(let expected), _): value == expected
    case (.nan(.f32, let kind), .f32(let bits)): kind.matches(UInt64(bits), .f32)
    case (.nan(.f64, let kind), .f64(let bits)): kind.matches(bits, .f64)
    case (.vector(let shape, let lanes), .v128(let low, let high)):
      lanes.indices.allSatisfy { lanes[$0].matches(shape.lane($0, low: low, high: high), shape) }
    case (.anyNull, .function(let function)): function == nil
    case (.anyNull, .external(let number)): number == nil
    case (.anyNull, .internal(let reference)): reference == nil
    case (.anyNull, .exception(let exception)): exception == nil
    case (.anyFunction, .function(let function)): function != nil
    case (.anyExternal, .external(let number)): number != nil
    case (.anyExternal, .externalized): true
    case (.anyException, .exception(let exception)): exception != nil
    case (.internal(let kinds), .internal(let reference?)):
      kinds.contains(InternalKind(reference))
    case (.either(let patterns), _): patterns.contains { $0.matches(value) }
    default: false
    }
  }
}

extension ResultPattern.Lane {
  fileprivate func matches(_ bits: UInt64, _ shape: LaneType) -> Bool {
    switch self {
    case .bits(let expected): bits == expected
    case .nan(let kind): kind.matches(bits, shape)
    }
  }
}

extension ResultPattern.NaNKind {
  /// Whether `bits`, of an f32 or f64, are such a NaN.
  fileprivate func matches(_ bits: UInt64, _ type: LaneType) -> Bool {
    let quietNaN: UInt64 = type == .f32 ? 0x7FC0_0000 : 0x7FF8_0000_0000_0000
    let magnitude = bits & ~(1 << UInt64(type.bitCount - 1))
    return switch self {
    case .canonical: magnitude == quietNaN
    case .arithmetic: magnitude & quietNaN == quietNaN
    }
  }
}

extension LaneType {
  /// Lane `index` of the vector with these halves, zero-extended.
  fileprivate func lane(_ index: Int, low: UInt64, high: UInt64) -> UInt64 {
    let position = index * bitCount
    let half = position < 64 ? low : high
    return half >> UInt64(position % 64) & mask
  }
}
