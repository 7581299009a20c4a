// A module with one function, made around a vector instruction.

import CompilerInterface
import LLVMCompiler
import WasmModule

/// A function to compile; its module has a memory of one page.
struct VectorFunction {
  private let bytes: [UInt8]

  /// A function with these instructions, the final `end` left out.
  init(parameters: [ValueType], results: [ValueType], _ code: [UInt8]) {
    let type = [0x60] + Self.vector(parameters.map(Self.code)) + Self.vector(results.map(Self.code))
    let body = [0] + code + [0x0B]
    bytes =
      [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
      + Self.section(1, type) + Self.section(3, [0]) + Self.section(5, [0, 1])
      + Self.section(10, [UInt8(body.count)] + body)
  }

  /// A function of `opcode`'s own type: the only one for which it is valid to push the parameters
  /// and execute it, with immediates that are all zero. nil if there is none.
  init?(_ opcode: Opcode) {
    for immediates in [0, 1, 2, 3, 16] {
      for parameters in Self.parameterLists {
        for results in Self.resultLists {
          var code: [UInt8] = []
          for index in parameters.indices { code += [0x20, UInt8(index)] }
          code += Self.encoding(opcode) + Array(repeating: 0, count: immediates)
          self.init(parameters: parameters, results: results, code)
          if isValid { return }
        }
      }
    }
    return nil
  }

  private static let scalars: [ValueType] = [.i32, .i64, .f32, .f64]
  private static let parameterLists: [[ValueType]] =
    [[], [.v128], [.v128, .v128], [.v128, .v128, .v128], [.i32, .v128]]
    + scalars.flatMap { [[$0], [.v128, $0]] }
  private static let resultLists: [[ValueType]] = [[], [.v128]] + scalars.map { [$0] }

  /// The machine code that LLVM makes of the function, for machines with SSE4.1 and no more.
  func compile() throws -> [UInt8] {
    try bytes.withUnsafeBytes { bytes in
      let module = try Module.decode(bytes)
      try module.validate(bytes: bytes)
      let image = try LLVMCompiler.compile(
        module, bytes: bytes, options: CodegenOptions(), threadCount: 1
      ) { _ in }
      let function = image.functions[0]
      return Array(image.text[Int(function.body)..<Int(function.body + function.byteCount)])
    }
  }

  private var isValid: Bool {
    bytes.withUnsafeBytes { bytes in
      do {
        try Module.decode(bytes).validate(bytes: bytes)
        return true
      } catch {
        return false
      }
    }
  }

  // MARK: The binary format.

  /// A vector instruction without its immediates.
  static func encoding(_ opcode: Opcode) -> [UInt8] {
    let number = opcode.rawValue & 0xFFF
    let low = UInt8(number & 0x7F)
    return number < 0x80 ? [0xFD, low] : [0xFD, low | 0x80, UInt8(number >> 7)]
  }

  private static func code(_ type: ValueType) -> UInt8 {
    switch type {
    case .i32: 0x7F
    case .i64: 0x7E
    case .f32: 0x7D
    case .f64: 0x7C
    default: 0x7B
    }
  }

  private static func vector(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }

  /// A section that is a vector of one item.
  private static func section(_ id: UInt8, _ item: [UInt8]) -> [UInt8] {
    [id] + vector([1] + item)
  }
}
