// A module taken apart into what mutations move about: sections, bodies, instructions.

import WasmModule

/// A module's parts as bytes, with the lies that the assembled module tells about them.
struct ModuleSketch {
  var sections: [Section] = []

  struct Section {
    var id: UInt8
    var content: Content
    var lie = Lie()
  }

  enum Content {
    case bytes([UInt8])
    /// The code section, where all of it can be read.
    case bodies([Body])
  }

  struct Body {
    var locals: [UInt8]
    /// Each with its immediates.
    var instructions: [[UInt8]]
    var lie = Lie()
  }

  /// How a size or a count is written otherwise than it is.
  struct Lie {
    var size = 0
    var count = 0
    var padding = 0
  }

  /// Takes a module apart; nil where its sections cannot be told from each other.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]) else { return nil }
    var place = 8
    while place < bytes.count {
      guard let size = readUnsigned(bytes, at: place + 1), size.value <= bytes.count - size.end
      else { return nil }
      let end = size.end + Int(size.value)
      let content = Array(bytes[size.end..<end])
      let bodies = bytes[place] == Self.code ? Self.bodies(content) : nil
      sections.append(
        Section(id: bytes[place], content: bodies.map { .bodies($0) } ?? .bytes(content)))
      place = end
    }
    guard !sections.isEmpty else { return nil }
  }

  static let code: UInt8 = 10

  private static func bodies(_ content: [UInt8]) -> [Body]? {
    guard let count = readUnsigned(content, at: 0) else { return nil }
    var place = count.end
    var bodies: [Body] = []
    while bodies.count < count.value {
      guard let size = readUnsigned(content, at: place), size.value <= content.count - size.end,
        let body = body(Array(content[size.end..<size.end + Int(size.value)]))
      else { return nil }
      bodies.append(body)
      place = size.end + Int(size.value)
    }
    return place == content.count ? bodies : nil
  }

  private static func body(_ bytes: [UInt8]) -> Body? {
    bytes.withUnsafeBytes { buffer in
      guard
        var locals = try? LocalDeclarations(
          bytes: buffer, body: FunctionBody(bytes: 0..<buffer.count))
      else { return nil }
      do throws(ModuleError) {
        while try locals.next() != nil {}
        var reader = locals.instructions
        var body = Body(locals: Array(bytes[..<reader.position]), instructions: [])
        while !reader.isAtEnd {
          let start = reader.position
          try reader.skipList(of: try reader.next())
          body.instructions.append(Array(bytes[start..<reader.position]))
        }
        return body
      } catch {
        return nil
      }
    }
  }

  /// The module that the parts make.
  func assembled() -> [UInt8] {
    var bytes: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
    for section in sections {
      bytes.append(section.id)
      Self.append(section.contentBytes, section.lie, to: &bytes)
    }
    return bytes
  }

  fileprivate static func append(_ content: [UInt8], _ lie: Lie, to bytes: inout [UInt8]) {
    let size = UInt64(truncatingIfNeeded: max(0, content.count + lie.size))
    bytes += unsigned(size, padding: lie.padding)
    bytes += content
  }
}

extension ModuleSketch.Section {
  fileprivate var contentBytes: [UInt8] {
    switch content {
    case .bytes(let bytes):
      guard lie.count != 0, let count = readUnsigned(bytes, at: 0) else { return bytes }
      return unsigned(count.value &+ UInt64(bitPattern: Int64(lie.count))) + bytes[count.end...]
    case .bodies(let bodies):
      var bytes = unsigned(UInt64(max(0, bodies.count + lie.count)))
      for body in bodies {
        ModuleSketch.append(
          body.locals + body.instructions.flatMap { $0 }, body.lie, to: &bytes)
      }
      return bytes
    }
  }
}
