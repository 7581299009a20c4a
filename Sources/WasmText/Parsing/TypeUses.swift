// The types of functions, tags, blocks and indirect calls. Spec: core 3.0 §6.6.3.

extension ModuleParser {
  /// Whether parameters may have names, and what these are for.
  enum ParameterNames {
    case none
    /// They have no meaning.
    case ignored
    /// They are locals of the function at hand.
    case locals
  }

  /// A function type that something has.
  struct TypeUse {
    var index: UInt32
    var parameterCount: UInt32
  }

  /// `(type index)? (param …)* (result …)*`
  mutating func takeTypeUse(_ parameterNames: ParameterNames) throws(SourceError) -> TypeUse {
    let explicit = try takeExplicitType()
    let offset = Int(current.offset)
    let type = try takeFunctionType(parameterNames)
    guard let explicit else {
      return TypeUse(index: types.index(of: type), parameterCount: type.parameterCount)
    }
    return try check(explicit, against: type, at: offset)
  }

  private mutating func takeExplicitType() throws(SourceError) -> UInt32? {
    guard takeOpen(.type) != nil else { return nil }
    let index = try takeIndex(.type)
    try expectClose()
    return index
  }

  /// What stands beside a type's index must repeat that type, or be left out.
  private mutating func check(
    _ index: UInt32, against type: FunctionTypeContent, at offset: Int
  ) throws(SourceError) -> TypeUse {
    let number = types.number(at: index)
    if type.parameterCount + type.resultCount > 0, types.number(type) != number {
      throw SourceError("the inline function type is not that of type \(index)", at: offset)
    }
    return TypeUse(index: index, parameterCount: number.map(types.parameterCount) ?? 0)
  }

  /// Appends the type of a structured instruction. Spec: core 3.0 §5.4.1.
  mutating func appendBlockType() throws(SourceError) {
    let explicit = try takeExplicitType()
    let offset = Int(current.offset)
    let type = try takeFunctionType(.none)
    if let explicit {
      code.appendSigned(Int64(try check(explicit, against: type, at: offset).index))
    } else if type.parameterCount == 0, type.resultCount < 2 {
      if type.resultCount == 0 { code.append(0x40) } else { code += type.results }
    } else {
      code.appendSigned(Int64(types.index(of: type)))
    }
  }

  /// `(param …)* (result …)*`
  mutating func takeFunctionType(
    _ parameterNames: ParameterNames
  ) throws(SourceError) -> FunctionTypeContent {
    var type = FunctionTypeContent()
    while let close = takeOpen(.param) {
      if parameterNames != .none, current.kind == .identifier {
        let (place, local) = (cursor, try takeName())
        if parameterNames == .locals {
          try declareLocal(local.identifier, local.name, type.parameterCount, at: place)
        }
        type.parameters.append(try takeValueType())
        type.parameterCount += 1
      } else {
        while cursor < close {
          type.parameters.append(try takeValueType())
          type.parameterCount += 1
        }
      }
      try expectClose()
    }
    while let close = takeOpen(.result) {
      while cursor < close {
        type.results.append(try takeValueType())
        type.resultCount += 1
      }
      try expectClose()
    }
    return type
  }

  /// Lets a local have the identifier at `place` and a name.
  mutating func declareLocal(
    _ identifier: UInt32?, _ name: UInt32?, _ index: UInt32, at place: Int
  ) throws(SourceError) {
    if let identifier, !scope.defineLocal(identifier, index) {
      throw SourceError(
        "duplicate local \(quote(tokens[place]))", at: Int(tokens[place].offset))
    }
    if let name {
      names.locals.append(
        ModuleNames.InnerEntry(
          owner: scope.function, entry: ModuleNames.Entry(index: index, name: name)))
    }
  }
}

/// The identifiers of a function's locals and labels. Beginning the next function costs nothing,
/// however many identifiers there are.
struct FunctionScope {
  /// The function's index; meaningless in a constant expression.
  private(set) var function: UInt32 = 0
  private(set) var isFunction = false
  /// Tells the function from all others; a constant expression has none of its own locals.
  private var serial: UInt32 = 0
  /// By identifier, what it stands for in the function with that serial.
  private var locals: [(serial: UInt32, index: UInt32)]
  /// How many blocks are open.
  private(set) var depth: UInt32 = 0
  /// By identifier, the depth of the innermost open block that is called so; 0 for none.
  private var labels: [UInt32]
  /// How many blocks began so far.
  private(set) var blockCount: UInt32 = 0

  init(identifierCount: Int) {
    locals = Array(repeating: (0, 0), count: identifierCount)
    labels = Array(repeating: 0, count: identifierCount)
  }

  /// Begins a function, or a constant expression, which has no index.
  mutating func begin(function: UInt32?) {
    self.function = function ?? 0
    isFunction = function != nil
    serial += 1
    blockCount = 0
  }

  mutating func defineLocal(_ identifier: UInt32, _ index: UInt32) -> Bool {
    guard locals[Int(identifier)].serial != serial else { return false }
    locals[Int(identifier)] = (serial, index)
    return true
  }

  func local(_ identifier: UInt32) -> UInt32? {
    let local = locals[Int(identifier)]
    return local.serial == serial ? local.index : nil
  }

  /// Opens a block; returns the depth of the one whose label is hidden.
  mutating func openBlock(_ label: UInt32?) -> UInt32 {
    depth += 1
    blockCount += 1
    guard let label else { return 0 }
    defer { labels[Int(label)] = depth }
    return labels[Int(label)]
  }

  /// Closes the innermost block; `hidden` is what opening it returned.
  mutating func closeBlock(_ label: UInt32?, _ hidden: UInt32) {
    depth -= 1
    if let label { labels[Int(label)] = hidden }
  }

  /// The index of a label, counted from the innermost block.
  func label(_ identifier: UInt32) -> UInt32? {
    let found = labels[Int(identifier)]
    return found == 0 ? nil : depth - found
  }
}
