// Cuts text into tokens. Spec: core 3.0 §6.3.

/// One pass over a text: finds every lexical error, pairs parentheses, and sets annotations apart.
struct Lexer {
  private let text: UnsafeRawBufferPointer
  private var position = 0
  private var result = TokenizedText()
  /// The places among the tokens of the opening parentheses without partner.
  private var open: [Int] = []
  /// The first token of the annotation at hand, and the number of `open` outside of it.
  private var annotation: (start: Int, depth: Int)?
  private let vocabulary = Vocabulary.shared.words

  /// The caller keeps the text alive until the tokens are used.
  static func tokenize(_ text: UnsafeRawBufferPointer) throws(SourceError) -> TokenizedText {
    // Tokens hold 32-bit offsets.
    guard text.count < Int(UInt32.max) else {
      throw SourceError("the text has more than 4 GiB", at: 0)
    }
    var lexer = Lexer(text)
    try lexer.readAll()
    return lexer.result
  }

  private init(_ text: UnsafeRawBufferPointer) {
    self.text = text
    result.tokens.reserveCapacity(text.count / 6 + 16)
  }

  /// The byte `distance` from here; 0, which no token holds, behind the end.
  @inline(__always)
  private func byte(_ distance: Int = 0) -> UInt8 {
    position &+ distance < text.count ? text[position &+ distance] : 0
  }

  private mutating func readAll() throws(SourceError) {
    while position < text.count {
      let byte = text[position]
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        position &+= 1
      case UInt8(ascii: "("):
        switch self.byte(1) {
        case UInt8(ascii: ";"): try skipBlockComment()
        case UInt8(ascii: "@") where annotation == nil: try beginAnnotation()
        default:
          open.append(result.tokens.count)
          append(.open, from: position)
          position &+= 1
        }
      case UInt8(ascii: ")"): try close()
      case UInt8(ascii: ";") where self.byte(1) == UInt8(ascii: ";"): try skipLineComment()
      default: try readAtom(byte)
      }
    }
    if let last = open.last {
      let offset = Int(result.tokens[annotation?.start ?? last].offset)
      throw SourceError(
        annotation == nil ? "this '(' is never closed" : "unclosed annotation", at: offset)
    }
    append(.end, from: position)
  }

  private mutating func append(_ kind: Token.Kind, from start: Int, _ symbol: UInt32 = 0) {
    result.tokens.append(
      Token(
        offset: UInt32(start), extent: UInt32(position &- start), symbol: symbol, kind: kind))
  }

  private mutating func close() throws(SourceError) {
    guard let opening = open.popLast() else {
      throw SourceError("unexpected ')': nothing is open", at: position)
    }
    if annotation?.depth == open.count {
      endAnnotation(from: opening)
    } else {
      result.tokens[opening].extent = UInt32(result.tokens.count)
      append(.close, from: position)
      result.tokens[result.tokens.count - 1].extent = UInt32(opening)
    }
    position &+= 1
  }

  // MARK: Atoms.

  private mutating func readAtom(_ first: UInt8) throws(SourceError) {
    let start = position
    var kind = Token.Kind.reserved
    var symbol: UInt32 = 0
    switch first {
    case UInt8(ascii: "a")...UInt8(ascii: "z"):
      kind = .word
      skipNameCharacters()
      symbol = vocabulary.find(bytes(from: start)) ?? Token.unknown
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
      kind = .number
      skipNameCharacters()
    case UInt8(ascii: "$"):
      kind = .identifier
      symbol = try readIdentifier()
    case UInt8(ascii: "\""):
      kind = .string
      try skipString()
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"):
      position &+= 1
    default:
      guard first.isNameCharacter else { throw illegalCharacter() }
      skipNameCharacters()
    }
    // What follows without a space belongs to the same token, which then means nothing.
    while byte().isNameCharacter || byte() == UInt8(ascii: "\"") {
      kind = .reserved
      if byte() == UInt8(ascii: "\"") { try skipString() } else { skipNameCharacters() }
    }
    guard kind != .reserved || annotation != nil else {
      throw SourceError("unknown token '\(excerpt(of: text, start..<position))'", at: start)
    }
    append(kind, from: start, symbol)
  }

  private func bytes(from start: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: text[start..<position])
  }

  @inline(__always)
  private mutating func skipNameCharacters() {
    while position < text.count, text[position].isNameCharacter { position &+= 1 }
  }

  /// Reads `$name` or `$"name"`; returns the name's number.
  private mutating func readIdentifier() throws(SourceError) -> UInt32 {
    let start = position
    position &+= 1
    if byte() == UInt8(ascii: "\"") {
      let name = try readNameString()
      guard !name.isEmpty else { throw SourceError("empty identifier", at: start) }
      return name.withUnsafeBytes { result.names.insert($0) }
    }
    skipNameCharacters()
    guard position > start &+ 1 else { throw SourceError("empty identifier", at: start) }
    return result.names.insert(bytes(from: start &+ 1))
  }

  /// Reads a string that must be UTF-8.
  private mutating func readNameString() throws(SourceError) -> [UInt8] {
    let start = position
    try skipString()
    var name: [UInt8] = []
    StringLiteral.append(text, start..<position, to: &name)
    guard UTF8Text.isValid(name) else {
      throw SourceError("malformed UTF-8 encoding", at: start)
    }
    return name
  }

  private mutating func skipString() throws(SourceError) {
    position = try StringLiteral.end(in: text, from: position)
  }

  private func illegalCharacter() -> SourceError {
    guard let length = UTF8Text.sequenceLength(in: text, at: position) else {
      return SourceError("malformed UTF-8 encoding", at: position)
    }
    let character = excerpt(of: text, position..<position + length)
    return SourceError("illegal character '\(character)'", at: position)
  }

  // MARK: Comments. Spec: core 3.0 §6.3.4.

  private mutating func skipLineComment() throws(SourceError) {
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return }
      try skipCommentCharacter(byte)
    }
  }

  private mutating func skipBlockComment() throws(SourceError) {
    let start = position
    var depth = 0
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "("), self.byte(1) == UInt8(ascii: ";") {
        depth += 1
        position &+= 2
      } else if byte == UInt8(ascii: ";"), self.byte(1) == UInt8(ascii: ")") {
        depth -= 1
        position &+= 2
        if depth == 0 { return }
      } else {
        try skipCommentCharacter(byte)
      }
    }
    throw SourceError("unclosed comment", at: start)
  }

  @inline(__always)
  private mutating func skipCommentCharacter(_ byte: UInt8) throws(SourceError) {
    if byte < 0x80 {
      position &+= 1
      return
    }
    guard let length = UTF8Text.sequenceLength(in: text, at: position) else {
      throw SourceError("malformed UTF-8 encoding", at: position)
    }
    position &+= length
  }

  // MARK: Annotations. Spec: core 3.0 §6.3.5.

  private static let annotationKinds: [(name: StaticString, kind: Annotation.Kind)] = [
    ("custom", .custom), ("name", .name), ("metadata.code.branch_hint", .branchHint),
  ]

  /// Reads `(@name`, whose tokens follow like any others until the annotation is closed.
  private mutating func beginAnnotation() throws(SourceError) {
    let start = position
    position &+= 2
    var name: [UInt8] = []
    if byte() == UInt8(ascii: "\"") {
      name = try readNameString()
    } else {
      let first = position
      skipNameCharacters()
      name = Array(bytes(from: first))
    }
    guard !name.isEmpty else { throw SourceError("empty annotation id", at: start) }
    let kind = Self.annotationKinds.firstIndex { known in
      known.name.withUTF8Buffer { $0.elementsEqual(name) }
    }
    annotation = (result.tokens.count, open.count)
    open.append(result.tokens.count)
    append(.open, from: start, kind.map { UInt32($0) } ?? Token.unknown)
  }

  /// Takes the annotation that begins with token `start` out of the tokens.
  private mutating func endAnnotation(from start: Int) {
    annotation = nil
    let opening = result.tokens[start]
    if opening.symbol != Token.unknown {
      let first = result.annotationTokens.count
      append(.end, from: position)
      result.annotationTokens += result.tokens[(start + 1)...]
      result.annotations.append(
        Annotation(
          kind: Self.annotationKinds[Int(opening.symbol)].kind, offset: Int(opening.offset),
          successor: start, content: first..<result.annotationTokens.count - 1))
    }
    result.tokens.removeSubrange(start...)
  }
}

extension UInt8 {
  /// Whether it is of a keyword, a number or an identifier. Spec: core 3.0 §6.3.3 (`idchar`).
  @inline(__always)
  var isNameCharacter: Bool {
    // All that can be seen, without space, quotation mark, comma, semicolon and brackets.
    switch self {
    case 0x21, 0x23...0x27, 0x2A...0x2B, 0x2D...0x3A, 0x3C...0x5A, 0x5C, 0x5E...0x7A, 0x7C, 0x7E:
      true
    default: false
    }
  }
}

/// A piece of text for a message, cut off where it is long.
func excerpt(of text: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
  let limit = 40
  let piece = String(decoding: text[range].prefix(limit), as: UTF8.self)
  return range.count > limit ? piece + "…" : piece
}
