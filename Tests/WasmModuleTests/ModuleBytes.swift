// Puts modules together byte by byte, and says how the decoder and the validator take them.

import Testing

@testable import WasmModule

/// A module under construction.
struct ModuleBytes {
  var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]

  /// The module with a section more.
  func section(_ id: UInt8, _ content: [UInt8]) -> ModuleBytes {
    ModuleBytes(bytes: bytes + [id] + unsigned(content.count) + content)
  }

  /// A section that is a vector of `items`.
  func section(_ id: UInt8, items: [[UInt8]]) -> ModuleBytes {
    section(id, vector(items))
  }

  func types(_ types: [UInt8]...) -> ModuleBytes { section(1, items: types) }
  func functions(_ typeIndices: UInt8...) -> ModuleBytes {
    section(3, items: typeIndices.map { [$0] })
  }
  func code(_ bodies: [UInt8]...) -> ModuleBytes { section(10, items: bodies) }
  func custom(_ name: String, _ content: [UInt8]) -> ModuleBytes {
    section(0, encoded(name) + content)
  }

  /// A module with one function of type `[] -> []` and the body `code`.
  static func function(_ code: [UInt8]) -> ModuleBytes {
    ModuleBytes().types(functionType()).functions(0).code(body(code))
  }

  func decode() throws -> Module { try bytes.withUnsafeBytes { try Module.decode($0) } }

  /// Decodes and validates, and does not keep the module.
  func validate() throws {
    try bytes.withUnsafeBytes { bytes in try Module.decode(bytes).validate(bytes: bytes) }
  }

  /// Why the module is refused; nil if it is valid.
  var refusal: ModuleError? {
    do {
      try validate()
      return nil
    } catch {
      return error as? ModuleError
    }
  }
}

// MARK: Pieces.

let i32: UInt8 = 0x7F
let i64: UInt8 = 0x7E
let f32: UInt8 = 0x7D
let f64: UInt8 = 0x7C
let v128: UInt8 = 0x7B
let funcref: UInt8 = 0x70
let externref: UInt8 = 0x6F
let end: UInt8 = 0x0B

func functionType(_ parameters: [UInt8] = [], _ results: [UInt8] = []) -> [UInt8] {
  [0x60] + unsigned(parameters.count) + parameters + unsigned(results.count) + results
}

/// A function body with its size; `locals` are runs of a count and a type.
func body(locals: [(count: Int, type: UInt8)] = [], _ code: [UInt8]) -> [UInt8] {
  let runs = locals.map { unsigned($0.count) + [$0.type] }
  let content = vector(runs) + code
  return unsigned(content.count) + content
}

func vector(_ items: [[UInt8]]) -> [UInt8] { unsigned(items.count) + items.flatMap { $0 } }

func encoded(_ name: String) -> [UInt8] { unsigned(name.utf8.count) + Array(name.utf8) }

/// An unsigned LEB128 integer.
func unsigned(_ value: Int) -> [UInt8] {
  var rest = value
  var bytes: [UInt8] = []
  repeat {
    bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
    rest >>= 7
  } while rest > 0
  return bytes
}

/// An instruction: the opcode with its prefix, then the immediates as they are.
func op(_ opcode: Opcode, _ immediates: UInt8...) -> [UInt8] {
  let number = Int(opcode.rawValue & 0xFFF)
  return switch opcode.rawValue >> 12 {
  case 0: [UInt8(number)] + immediates
  case 1: [0xFC] + unsigned(number) + immediates
  case 3: [0xFE] + unsigned(number) + immediates
  case 4: [0xFB] + unsigned(number) + immediates
  default: [0xFD] + unsigned(number) + immediates
  }
}

/// The instructions one after the other, and an `end`.
func code(_ instructions: [UInt8]...) -> [UInt8] { instructions.flatMap { $0 } + [end] }

// MARK: Checks.

/// Expects the module to be refused with `kind` and a message that begins with `message`.
func expectRefused(
  _ module: ModuleBytes, _ kind: ModuleError.Kind, _ message: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let error = module.refusal else {
    Issue.record("not refused: \(message)", sourceLocation: sourceLocation)
    return
  }
  #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
  #expect(error.message.hasPrefix(message), "\(error)", sourceLocation: sourceLocation)
  #expect((0...module.bytes.count).contains(error.offset), sourceLocation: sourceLocation)
}

func expectValid(_ module: ModuleBytes, sourceLocation: SourceLocation = #_sourceLocation) {
  if let error = module.refusal { Issue.record("\(error)", sourceLocation: sourceLocation) }
}
