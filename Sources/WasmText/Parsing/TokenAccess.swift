// How the parser looks at tokens and takes them.

extension ModuleParser {
  var current: Token { tokens[cursor] }

  func bytes(_ token: Token) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: text[token.bytes])
  }

  // MARK: Words.

  /// The keyword at `place`, if there is one.
  func keyword(at place: Int) -> Keyword? {
    let token = tokens[place]
    guard token.kind == .word, token.symbol < vocabulary.keywords.count else { return nil }
    return vocabulary.keywords[Int(token.symbol)]
  }

  /// The instruction whose name is at `place`; nil for anything else and for words that only
  /// structured instructions have inside.
  func instruction(at place: Int) -> InstructionEntry? {
    let token = tokens[place]
    guard token.kind == .word, token.symbol != Token.unknown else { return nil }
    let number = Int(token.symbol) - vocabulary.keywords.count
    return number < 0 ? nil : vocabulary.instructions[number]
  }

  mutating func takeKeyword(_ keyword: Keyword) -> Bool {
    guard self.keyword(at: cursor) == keyword else { return false }
    cursor += 1
    return true
  }

  // MARK: Parentheses.

  /// Whether a parenthesis and `keyword` come next.
  func isOpen(_ keyword: Keyword) -> Bool {
    current.kind == .open && self.keyword(at: cursor + 1) == keyword
  }

  /// Takes a parenthesis and `keyword`; returns the place of the closing parenthesis.
  mutating func takeOpen(_ keyword: Keyword) -> Int? {
    guard isOpen(keyword) else { return nil }
    let close = Int(current.extent)
    cursor += 2
    return close
  }

  mutating func expectClose() throws(SourceError) {
    guard current.kind == .close else { throw expected("')'") }
    cursor += 1
  }

  // MARK: Numbers and strings.

  /// Takes an unsigned integer below 2^bits.
  mutating func takeUnsigned(bits: Int, _ what: String) throws(SourceError) -> UInt64 {
    guard current.kind == .number else { throw expected(what) }
    do throws(IntegerLiteral.Failure) {
      let literal = try IntegerLiteral(bytes(current))
      guard !literal.hasSign else { throw .malformed }
      let value = try literal.value(bits: bits)
      cursor += 1
      return value
    } catch {
      throw numberError(error, what)
    }
  }

  func numberError(_ failure: IntegerLiteral.Failure, _ what: String) -> SourceError {
    failure == .malformed
      ? expected(what)
      : SourceError("constant out of range: \(quote(current))", at: Int(current.offset))
  }

  /// Takes a string and returns its bytes.
  mutating func takeString(_ what: String) throws(SourceError) -> [UInt8] {
    guard current.kind == .string else { throw expected(what) }
    var content: [UInt8] = []
    StringLiteral.append(text, current.bytes, to: &content)
    cursor += 1
    return content
  }

  /// Takes all strings that come next, as one.
  mutating func takeStrings() throws(SourceError) -> [UInt8] {
    var content: [UInt8] = []
    while current.kind == .string {
      StringLiteral.append(text, current.bytes, to: &content)
      cursor += 1
    }
    return content
  }

  /// Takes a string that must be UTF-8. Spec: core 3.0 §6.3.3 (`name`).
  mutating func takeNameString(_ what: String) throws(SourceError) -> [UInt8] {
    let offset = Int(current.offset)
    let name = try takeString(what)
    guard UTF8Text.isValid(name) else { throw SourceError("malformed UTF-8 encoding", at: offset) }
    return name
  }

  // MARK: Identifiers and indices.

  mutating func takeIdentifier() -> UInt32? {
    guard current.kind == .identifier else { return nil }
    defer { cursor += 1 }
    return current.symbol
  }

  /// Takes an identifier and a `@name` annotation, which both may be absent. `name` is what the
  /// name section shall hold.
  mutating func takeName() throws(SourceError) -> (identifier: UInt32?, name: UInt32?) {
    let identifier = takeIdentifier()
    let annotated = try annotations.name(before: cursor, text, &nameTable)
    return (identifier, annotated ?? identifier)
  }

  /// Whether an index or an identifier is at `place`.
  func isIndex(at place: Int) -> Bool {
    tokens[place].kind == .number || tokens[place].kind == .identifier
  }

  /// Takes a number, or an identifier of something in `space`.
  mutating func takeIndex(_ space: IndexSpace) throws(SourceError) -> UInt32 {
    if let identifier = takeIdentifier() {
      guard let index = identifiers[space.rawValue][identifier] else {
        cursor -= 1
        throw unknownIdentifier(space.noun)
      }
      return index
    }
    return UInt32(try takeUnsigned(bits: 32, "the index or the identifier of a \(space.noun)"))
  }

  // MARK: Errors.

  /// An error at the next token, which is not what was expected.
  func expected(_ what: String) -> SourceError {
    SourceError("expected \(what), found \(quote(current))", at: Int(current.offset))
  }

  func unknownIdentifier(_ noun: String) -> SourceError {
    SourceError("unknown \(noun) \(quote(current))", at: Int(current.offset))
  }

  /// A token in a message.
  func quote(_ token: Token) -> String {
    switch token.kind {
    case .end: "the end of the text"
    case .string: excerpt(of: text, token.bytes)
    default: "'\(excerpt(of: text, token.bytes))'"
    }
  }
}
