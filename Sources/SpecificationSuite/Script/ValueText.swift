// Values and patterns in words, for the messages of failed commands.

package import Runtime

extension Value {
  /// The value with its type; numbers in hexadecimal, as bits decide.
  package var text: String {
    switch self {
    case .i32(let bits): "i32 0x\(String(bits, radix: 16))"
    case .i64(let bits): "i64 0x\(String(bits, radix: 16))"
    case .f32(let bits): "f32 0x\(String(bits, radix: 16)) (\(Float(bitPattern: bits)))"
    case .f64(let bits): "f64 0x\(String(bits, radix: 16)) (\(Double(bitPattern: bits)))"
    case .v128(let low, let high): "v128 0x\(high.sixteenDigits)\(low.sixteenDigits)"
    case .function(let function): function == nil ? "funcref null" : "funcref"
    case .external(let number): "externref \(number.map(String.init) ?? "null")"
    case .internal(let reference): reference?.text ?? "anyref null"
    case .externalized(let reference): "externref of \(reference.text)"
    case .exception(let exception): exception == nil ? "exnref null" : "exnref"
    }
  }
}

extension InternalReference {
  fileprivate var text: String {
    switch self {
    case .i31(let bits): "i31ref 0x\(String(bits, radix: 16))"
    case .object(let object): object.isArray ? "arrayref" : "structref"
    case .host(let number): "anyref of host's \(number)"
    }
  }
}

extension ResultPattern {
  package var text: String {
    switch self {
    case .value(let value): value.text
    case .nan(let type, let kind): "\(type) \(kind.rawValue)"
    case .vector(let shape, let lanes):
      "v128 \(shape) " + lanes.map(\.text).joined(separator: " ")
    case .anyNull: "a null reference"
    case .anyFunction: "a function"
    case .anyExternal: "an external reference"
    case .internal(let kinds): kinds.map { "\($0)" }.joined(separator: " or ")
    case .anyException: "an exception"
    case .either(let patterns): patterns.map(\.text).joined(separator: " or ")
    case .unsupported(let type): type
    }
  }
}

extension ResultPattern.Lane {
  fileprivate var text: String {
    switch self {
    case .bits(let bits): "0x\(String(bits, radix: 16))"
    case .nan(let kind): kind.rawValue
    }
  }
}

extension UInt64 {
  fileprivate var sixteenDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
