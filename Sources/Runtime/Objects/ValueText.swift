// Values in words, as results and embedders show them.

extension Value: CustomStringConvertible {
  /// Integers as signed numbers, floats with as many digits as it takes to tell them apart, vectors
  /// as 32 hexadecimal digits.
  package var description: String {
    switch self {
    case .i32(let bits): "\(Int32(bitPattern: bits))"
    case .i64(let bits): "\(Int64(bitPattern: bits))"
    case .f32(let bits): "\(Float(bitPattern: bits))"
    case .f64(let bits): "\(Double(bitPattern: bits))"
    case .v128(let low, let high): "0x\(Self.digits(high))\(Self.digits(low))"
    case .function(nil), .external(nil), .internal(nil), .exception(nil): "null"
    case .function(.some(let function)):
      function.definition.map { "function \($0.index)" } ?? "host function"
    case .external(.some(let number)): "external \(number)"
    case .internal(.some(let reference)): reference.text
    case .externalized(let reference): "external \(reference.text)"
    case .exception(.some): "exception"
    }
  }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension InternalReference {
  /// What it refers to, in a word or two.
  package var text: String {
    switch self {
    case .i31(let bits): "i31 \(Int32(bitPattern: bits << 1) >> 1)"
    case .object(let object): object.isArray ? "array" : "structure"
    case .host(let number): "host \(number)"
    }
  }
}
