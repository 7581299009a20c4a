// A module as a row of sections, taken apart and put together again.

import WasmModule

/// Why a module cannot be changed.
package struct RewritingError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// The sections of a module in the binary format, in their order. Spec: core 3.0 §5.5.
struct ModuleSections {
  enum Number: UInt8 {
    case type = 1
    case `import` = 2
    case function = 3
    case global = 6
    case export = 7
    case code = 10
  }

  private static let headerByteCount = 8

  /// What the module has, as it came.
  let declarations: Module
  private let header: ArraySlice<UInt8>
  private var sections: [(number: UInt8, content: [UInt8])] = []

  init(_ module: [UInt8]) throws(RewritingError) {
    do throws(ModuleError) {
      declarations = try module.withUnsafeBytes { bytes in
        Result { () throws(ModuleError) in try Module.decode(bytes) }
      }.get()
    } catch {
      throw RewritingError("\(error)")
    }
    header = module[..<Self.headerByteCount]
    var reader = SectionReader(module, from: Self.headerByteCount)
    while !reader.isAtEnd {
      let number = try reader.byte()
      sections.append((number, try reader.bytes(count: try reader.unsigned())))
    }
  }

  /// A module that has nothing yet.
  init() {
    declarations = Module()
    header = Array("\0asm\u{1}\0\0\0".utf8)[...]
  }

  subscript(number: Number) -> [UInt8]? {
    sections.first { $0.number == number.rawValue }?.content
  }

  mutating func remove(_ number: Number) { sections.removeAll { $0.number == number.rawValue } }

  /// Adds entries to a section, which is made where there is none. Sections come in the order of
  /// their numbers, of those that are used here; custom ones (0) are anywhere.
  mutating func append(
    _ entries: [UInt8], count added: Int, to number: Number
  ) throws(RewritingError) {
    if let index = sections.firstIndex(where: { $0.number == number.rawValue }) {
      var reader = SectionReader(sections[index].content)
      let count = try reader.unsigned()
      sections[index].content = unsigned(count + added) + reader.rest + entries
    } else {
      let index =
        sections.firstIndex { $0.number != 0 && $0.number > number.rawValue } ?? sections.count
      sections.insert((number.rawValue, unsigned(added) + entries), at: index)
    }
  }

  var bytes: [UInt8] {
    var bytes = Array(header)
    for (number, content) in sections { bytes += [number] + unsigned(content.count) + content }
    return bytes
  }
}

/// A cursor over a section's bytes.
struct SectionReader {
  private let content: [UInt8]
  private(set) var position: Int

  init(_ content: [UInt8], from position: Int = 0) {
    self.content = content
    self.position = position
  }

  var isAtEnd: Bool { position >= content.count }
  var rest: ArraySlice<UInt8> { content[position...] }

  mutating func byte() throws(RewritingError) -> UInt8 {
    guard position < content.count else { throw RewritingError("it ends too early") }
    position += 1
    return content[position - 1]
  }

  mutating func bytes(count: Int) throws(RewritingError) -> [UInt8] {
    guard count <= content.count - position else { throw RewritingError("it ends too early") }
    position += count
    return Array(content[position - count..<position])
  }

  /// An unsigned LEB128 number of up to 32 bits. Spec: core 3.0 §5.2.2.
  mutating func unsigned() throws(RewritingError) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      let byte = try byte()
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw RewritingError("it has a number of more than 32 bits")
  }

  func bytes(since start: Int) -> ArraySlice<UInt8> { content[start..<position] }
}

/// A number as unsigned LEB128.
func unsigned(_ value: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(unsigned: UInt64(value))
  return bytes
}

/// A number as signed LEB128.
func signed(_ value: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.append(signed: Int64(value))
  return bytes
}

/// A name: its length and its bytes.
func name(_ text: String) -> [UInt8] { unsigned(text.utf8.count) + Array(text.utf8) }
