// The first walk: which fields a module has, and which index each identifier stands for.

/// A field of the module.
struct Field {
  var keyword: Keyword
  /// The place of its opening parenthesis.
  var token: Int
}

extension ModuleParser {
  /// Finds the fields up to the token at `end`, and declares what they define.
  mutating func declareFields(until end: Int) throws(SourceError) -> [Field] {
    var fields: [Field] = []
    var hasDefinitions = false
    while cursor < end {
      let token = cursor
      guard current.kind == .open else { throw expected("a field of the module, or ')'") }
      cursor += 1
      guard let keyword = keyword(at: cursor) else { throw expected("a field of the module") }
      cursor += 1
      let close = Int(tokens[token].extent)
      let isImport = try declareField(keyword, until: close)
      if isImport, hasDefinitions {
        throw SourceError(
          "imports must come before what the module itself defines",
          at: Int(tokens[token].offset))
      }
      switch keyword {
      case .func, .table, .memory, .global, .tag: hasDefinitions = hasDefinitions || !isImport
      default: break
      }
      fields.append(Field(keyword: keyword, token: token))
      cursor = close + 1
    }
    return fields
  }

  /// Declares what a field that ends at `close` defines; returns whether it is an import.
  private mutating func declareField(
    _ keyword: Keyword, until close: Int
  ) throws(SourceError) -> Bool {
    switch keyword {
    case .type: try declare(.type)
    case .rec: try declareRecursiveTypes(until: close)
    case .import:
      try declareImport()
      return true
    case .func: return try declareImportable(.function, until: close)
    case .table:
      let isImport = try declareImportable(.table, until: close)
      if hasChild(.elem, until: close) { counts[IndexSpace.element.rawValue] += 1 }
      return isImport
    case .memory:
      let isImport = try declareImportable(.memory, until: close)
      if hasChild(.data, until: close) { counts[IndexSpace.data.rawValue] += 1 }
      return isImport
    case .global: return try declareImportable(.global, until: close)
    case .tag: return try declareImportable(.tag, until: close)
    case .elem: try declare(.element)
    case .data: try declare(.data)
    case .export, .start: break
    default:
      cursor -= 1
      throw expected("a field of the module")
    }
    return false
  }

  /// Declares the next thing in `space`, whose identifier may come next.
  private mutating func declare(_ space: IndexSpace) throws(SourceError) {
    let index = counts[space.rawValue]
    counts[space.rawValue] += 1
    let place = cursor
    let (identifier, name) = try takeName()
    if let identifier {
      let isNew = identifiers[space.rawValue].define(identifier, index, of: identifierCount)
      guard isNew else {
        throw SourceError(
          "duplicate \(space.noun) \(quote(tokens[place]))", at: Int(tokens[place].offset))
      }
    }
    if let name {
      names.entries[space.rawValue].append(ModuleNames.Entry(index: index, name: name))
    }
  }

  private mutating func declareRecursiveTypes(until close: Int) throws(SourceError) {
    while cursor < close {
      let end = Int(current.extent)
      guard takeOpen(.type) != nil else { throw expected("'(type'") }
      try declare(.type)
      cursor = end + 1
    }
  }

  /// `(import "module" "name" (kind id? …))`
  private mutating func declareImport() throws(SourceError) {
    for _ in 0..<2 {
      guard current.kind == .string else { throw expected("a string") }
      cursor += 1
    }
    guard current.kind == .open, let space = Self.importedSpace(keyword(at: cursor + 1)) else {
      throw expected("what is imported, such as '(func …)'")
    }
    cursor += 2
    try declare(space)
  }

  static func importedSpace(_ keyword: Keyword?) -> IndexSpace? {
    switch keyword {
    case .func: .function
    case .table: .table
    case .memory: .memory
    case .global: .global
    case .tag: .tag
    default: nil
    }
  }

  private mutating func declareImportable(
    _ space: IndexSpace, until close: Int
  ) throws(SourceError) -> Bool {
    try declare(space)
    while isOpen(.export) { cursor = Int(current.extent) + 1 }
    return isOpen(.import)
  }

  /// Whether `(keyword …)` is one of the parts up to `close`.
  private mutating func hasChild(_ keyword: Keyword, until close: Int) -> Bool {
    while cursor < close {
      if isOpen(keyword) { return true }
      cursor = current.kind == .open ? Int(current.extent) + 1 : cursor + 1
    }
    return false
  }
}
