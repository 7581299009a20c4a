// Annotations with a meaning: names, custom sections, branch hints.

/// The annotations of a text, and which of them have been used.
struct AnnotationList {
  private let all: [Annotation]
  let tokens: [Token]
  private var isUsed: [Bool]
  /// The first annotation before each token that has some.
  private var first: [Int: Int] = [:]

  init(_ text: TokenizedText) {
    all = text.annotations
    tokens = text.annotationTokens
    isUsed = Array(repeating: false, count: all.count)
    for (place, annotation) in all.enumerated() where first[annotation.successor] == nil {
      first[annotation.successor] = place
    }
  }

  /// Takes the annotations of a kind that stand directly before a token.
  mutating func take(_ kind: Annotation.Kind, before token: Int) -> [Annotation] {
    guard !all.isEmpty, var place = first[token] else { return [] }
    var found: [Annotation] = []
    while place < all.count, all[place].successor == token {
      if all[place].kind == kind {
        isUsed[place] = true
        found.append(all[place])
      }
      place += 1
    }
    return found
  }

  /// Throws where an annotation stands at a place without meaning for its kind.
  func checkAllUsed() throws(SourceError) {
    guard let place = isUsed.firstIndex(of: false) else { return }
    let name =
      switch all[place].kind {
      case .custom: "@custom"
      case .name: "@name"
      case .branchHint: "@metadata.code.branch_hint"
      }
    throw SourceError("misplaced \(name) annotation", at: all[place].offset)
  }

  /// The name that `@name` gives to what is declared before `token`, as a number in `names`.
  mutating func name(
    before token: Int, _ text: UnsafeRawBufferPointer, _ names: inout ByteTable
  ) throws(SourceError) -> UInt32? {
    let found = take(.name, before: token)
    guard let annotation = found.first else { return nil }
    guard found.count == 1 else {
      throw SourceError("multiple @name annotations", at: found[1].offset)
    }
    let name = string(annotation, at: annotation.content.lowerBound, text)
    guard annotation.content.count == 1, let name, UTF8Text.isValid(name) else {
      throw SourceError("a @name annotation holds one name", at: annotation.offset)
    }
    return name.withUnsafeBytes { names.insert($0) }
  }

  /// The bytes of the string at `place` among `tokens`; nil where there is none.
  func string(
    _ annotation: Annotation, at place: Int, _ text: UnsafeRawBufferPointer
  ) -> [UInt8]? {
    guard annotation.content.contains(place), tokens[place].kind == .string else { return nil }
    var content: [UInt8] = []
    StringLiteral.append(text, tokens[place].bytes, to: &content)
    return content
  }
}

extension ModuleParser {
  /// Custom sections, from the annotations between a module's fields. Spec: core 3.0 §7.4.2.
  mutating func parseCustomAnnotations(
    before fields: [Field], _ end: Int
  ) throws(SourceError) {
    for token in fields.map(\.token) + [end] {
      for annotation in annotations.take(.custom, before: token) { try parseCustom(annotation) }
    }
  }

  /// `(@custom name place? string*)`
  private mutating func parseCustom(_ annotation: Annotation) throws(SourceError) {
    var place = annotation.content.lowerBound
    guard let name = annotations.string(annotation, at: place, text) else {
      throw SourceError("@custom annotation: missing section name", at: annotation.offset)
    }
    guard UTF8Text.isValid(name) else {
      throw SourceError("@custom annotation: malformed UTF-8 encoding", at: annotation.offset)
    }
    place += 1
    var placement = CustomPlacement(section: nil, isAfter: true)
    if annotations.tokens[place].kind == .open {
      placement = try customPlacement(place, annotation)
      place += 4
    }
    var content: [UInt8] = []
    while let piece = annotations.string(annotation, at: place, text) {
      content += piece
      place += 1
    }
    guard place == annotation.content.upperBound else {
      throw SourceError("@custom annotation: unexpected token", at: annotation.offset)
    }
    sections.addCustom(name: name, content, at: placement)
  }

  /// `(before section)`, `(after section)`, `(before first)` or `(after last)`, four tokens.
  private func customPlacement(
    _ place: Int, _ annotation: Annotation
  ) throws(SourceError) -> CustomPlacement {
    let words = annotation.content.dropFirst(place - annotation.content.lowerBound).prefix(4)
    let wrong = SourceError("@custom annotation: malformed placement", at: annotation.offset)
    guard words.count == 4, annotations.tokens[place + 3].kind == .close else { throw wrong }
    func keyword(_ place: Int) -> Keyword? {
      let token = annotations.tokens[place]
      guard token.kind == .word, token.symbol < vocabulary.keywords.count else { return nil }
      return vocabulary.keywords[Int(token.symbol)]
    }
    let side = keyword(place + 1)
    guard side == .before || side == .after else { throw wrong }
    let isAfter = side == .after
    let kind: SectionKind? =
      switch keyword(place + 2) {
      case .type: .type
      case .import: .import
      case .func: .function
      case .table: .table
      case .memory: .memory
      case .tag: .tag
      case .global: .global
      case .export: .export
      case .start: .start
      case .elem: .element
      case .datacount: .dataCount
      case .code: .code
      case .data: .data
      default: nil
      }
    if let kind { return CustomPlacement(section: kind, isAfter: isAfter) }
    guard keyword(place + 2) == (isAfter ? .last : .first) else {
      throw SourceError("@custom annotation: malformed section kind", at: annotation.offset)
    }
    return CustomPlacement(section: nil, isAfter: isAfter)
  }
}

/// Which way an `if` or a `br_if` goes mostly. Spec: core 3.0 §7.4.4.
struct BranchHint {
  var function: UInt32
  /// Of the instruction, from the beginning of the function's locals.
  var offset: Int
  var isLikely: Bool

  /// The custom section's content; hints are ascending by function and offset.
  static func section(_ hints: [BranchHint]) -> [UInt8] {
    var content: [UInt8] = []
    var functionCount: UInt = 0
    var start = 0
    while start < hints.count {
      let function = hints[start].function
      let end = hints[start...].firstIndex { $0.function != function } ?? hints.count
      content.appendUnsigned(function)
      content.appendUnsigned(UInt(end - start))
      for hint in hints[start..<end] {
        content.appendUnsigned(UInt(hint.offset))
        content.append(1)
        content.append(hint.isLikely ? 1 : 0)
      }
      functionCount += 1
      start = end
    }
    var counted: [UInt8] = []
    counted.appendUnsigned(functionCount)
    return counted + content
  }
}
