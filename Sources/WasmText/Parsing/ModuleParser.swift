// The parser's state, and the way from tokens to a module.

/// Parses one module.
///
/// Three walks over the tokens: fields are declared, so that identifiers may be used before their
/// definition; then types are encoded, then all other fields. Nothing is recursive, so that no
/// nesting exhausts the stack.
struct ModuleParser {
  let text: UnsafeRawBufferPointer
  let tokens: [Token]
  let vocabulary = Vocabulary.shared
  var annotations: AnnotationList
  /// The names of identifiers, and those that annotations give.
  var nameTable: ByteTable
  /// How many of `nameTable` are identifiers.
  let identifierCount: Int

  /// The place of the token that comes next.
  var cursor = 0
  /// The place of the parenthesis that closes the field at hand.
  var fieldEnd = 0

  // What the module declares.
  var identifiers = Array(repeating: IdentifierMap(), count: IndexSpace.allCases.count)
  var counts = Array(repeating: UInt32(0), count: IndexSpace.allCases.count)
  /// Struct fields by type and identifier.
  var fields: [FieldKey: UInt32] = [:]
  var types = TypeTable()
  /// The next thing of each kind to be encoded.
  var nextIndex = Array(repeating: UInt32(0), count: IndexSpace.allCases.count)

  // What is encoded.
  var sections = ModuleSections()
  var names = ModuleNames()
  /// The code of the function or the constant expression at hand.
  var code: [UInt8] = []
  var branchHints: [BranchHint] = []

  // The function or the constant expression at hand.
  var scope: FunctionScope
  var frames: [Frame] = []

  /// The module's bytes. `isQuoted` says that the text comes out of `(module quote …)`.
  static func parse(
    _ text: UnsafeRawBufferPointer, isQuoted: Bool = false
  ) throws(SourceError) -> [UInt8] {
    var parser = ModuleParser(text, try Lexer.tokenize(text))
    return try parser.parseText(isQuoted: isQuoted)
  }

  private init(_ text: UnsafeRawBufferPointer, _ tokenized: TokenizedText) {
    self.text = text
    tokens = tokenized.tokens
    nameTable = tokenized.names
    identifierCount = tokenized.names.count
    annotations = AnnotationList(tokenized)
    scope = FunctionScope(identifierCount: identifierCount)
  }

  /// A whole text: a module, or a module's fields alone. Spec: core 3.0 §6.6.
  private mutating func parseText(isQuoted: Bool) throws(SourceError) -> [UInt8] {
    guard let close = takeOpen(.module) else {
      if isOpen(.component) {
        throw SourceError(
          "this is a component, not a module", at: Int(tokens[cursor].offset))
      }
      return try parseFields(until: tokens.count - 1)
    }
    names.module = try takeName().name
    let module: [UInt8]
    if takeKeyword(.binary) {
      module = try takeStrings()
      try annotations.checkAllUsed()
    } else if !isQuoted, takeKeyword(.quote) {
      module = try parseQuoted(try takeStrings())
      try annotations.checkAllUsed()
    } else {
      module = try parseFields(until: close)
    }
    try expectClose()
    guard current.kind == .end else { throw expected("the end of the text") }
    return module
  }

  /// `(module quote …)`, whose strings are the text of a module.
  private func parseQuoted(_ quoted: [UInt8]) throws(SourceError) -> [UInt8] {
    let offset = Int(tokens[cursor].offset)
    let result = quoted.withUnsafeBytes { inner in
      Result { () throws(SourceError) in
        try Self.parse(inner, isQuoted: true)
      }.mapError { error in
        SourceError(
          "in the quoted text, \(TextError(error, in: inner))", at: offset, hint: error.hint)
      }
    }
    return try result.get()
  }

  private mutating func parseFields(until end: Int) throws(SourceError) -> [UInt8] {
    let fields = try declareFields(until: end)
    for field in fields where field.keyword == .type || field.keyword == .rec {
      cursor = field.token
      try parseTypeField(field.keyword)
    }
    for field in fields where field.keyword != .type && field.keyword != .rec {
      cursor = field.token
      fieldEnd = Int(current.extent)
      try parseField(field.keyword)
    }
    try parseCustomAnnotations(before: fields, end)
    try annotations.checkAllUsed()
    cursor = end
    return finishedModule()
  }

  private mutating func parseField(_ keyword: Keyword) throws(SourceError) {
    // The parenthesis and the keyword.
    cursor += 2
    switch keyword {
    case .import: try parseImport()
    case .func: try parseFunction()
    case .table: try parseTable()
    case .memory: try parseMemory()
    case .global: try parseGlobal()
    case .tag: try parseTag()
    case .export: try parseExport()
    case .start: try parseStart()
    case .elem: try parseElementSegment()
    default: try parseDataSegment()
    }
    try expectClose()
  }

  private mutating func finishedModule() -> [UInt8] {
    sections[.type] = types.section
    if !branchHints.isEmpty {
      sections.addCustom(
        name: "metadata.code.branch_hint".utf8, BranchHint.section(branchHints),
        at: CustomPlacement(section: .code, isAfter: false))
    }
    let content = names.content(nameTable)
    if !content.isEmpty {
      sections.addCustom(
        name: "name".utf8, content, at: CustomPlacement(section: nil, isAfter: true))
    }
    return sections.module()
  }
}

/// A struct's field in the map of identifiers.
struct FieldKey: Hashable {
  var typeIndex: UInt32
  var identifier: UInt32
}
