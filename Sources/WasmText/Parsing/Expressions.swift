// Sequences of instructions, flat and folded. Spec: core 3.0 §6.5.

/// An instruction that has begun and not ended.
struct Frame {
  enum Kind {
    // Flat structured instructions, which a word ends.
    case block, ifThen, ifElse, legacyTry
    // Folded instructions, which a parenthesis ends.
    /// A plain one; its operands stand in it.
    case plain
    case foldedBlock
    /// An `if`, before `(then`, after it, and after `(else`.
    case foldedIf, foldedIfThen, foldedIfElse
    /// A `try`, before `(do`, after it, and after `(delegate`.
    case foldedTry, foldedTryBody, foldedTryDelegated
    /// `(then …)`, `(else …)`, `(do …)`, `(catch …)` or `(catch_all …)`.
    case clause
  }

  var kind: Kind
  /// The place of the instruction's name.
  var name: Int
  /// Where the operands of a folded instruction begin, and its immediates must end; for a plain one
  /// and an `if`, before which operands are encoded.
  var operands = 0
  var label: UInt32?
  /// See `FunctionScope.openBlock`.
  var hiddenLabel: UInt32 = 0

  /// Whether instructions may come next that are not in parentheses.
  var allowsFlat: Bool {
    switch kind {
    case .block, .ifThen, .ifElse, .legacyTry, .foldedBlock, .clause: true
    default: false
    }
  }

  var allowsFolded: Bool { allowsFlat || kind == .plain || kind == .foldedIf }
}

extension ModuleParser {
  /// Encodes the instructions up to the token at `end`, which is not inside any of them.
  mutating func parseInstructions(until end: Int) throws(SourceError) {
    while cursor < end {
      switch current.kind {
      case .word: try parseFlat()
      case .open: try parseOpen()
      case .close: try parseClose()
      default: throw expected("an instruction")
      }
    }
    guard frames.isEmpty else { throw missingEnd() }
  }

  private func missingEnd() -> SourceError {
    let opening = frames.last.map { quote(tokens[$0.name]) } ?? ""
    return expected("'end' for \(opening)")
  }

  // MARK: Flat instructions.

  private mutating func parseFlat() throws(SourceError) {
    guard let entry = instruction(at: cursor) else { return try parseInnerWord() }
    guard frames.last?.allowsFlat ?? true else { throw unexpectedInFolded() }
    let name = cursor
    switch entry.immediates {
    case .block, .tryTable: try openBlock(entry, .block)
    case .ifElse:
      try appendBranchHint(before: name)
      try openBlock(entry, .ifThen)
    case .legacyTry: try openBlock(entry, .legacyTry)
    default:
      cursor += 1
      if entry.isConditionalBranch { try appendBranchHint(before: name) }
      try append(entry)
    }
  }

  /// A word that continues or ends a structured instruction.
  private mutating func parseInnerWord() throws(SourceError) {
    let kind = frames.last?.kind
    switch (keyword(at: cursor), kind) {
    case (.end, .block), (.end, .ifThen), (.end, .ifElse), (.end, .legacyTry):
      cursor += 1
      try takeRepeatedLabel()
      code.append(0x0B)
      closeBlock()
    case (.else, .ifThen):
      cursor += 1
      try takeRepeatedLabel()
      code.append(0x05)
      frames[frames.count - 1].kind = .ifElse
    case (.catch, .legacyTry), (.catchAll, .legacyTry): try appendLegacyCatch()
    case (.delegate, .legacyTry):
      cursor += 1
      closeBlock()
      code.append(0x18)
      try appendLabel()
    case (nil, _): throw unknownInstruction(at: cursor)
    default: throw expected("an instruction")
    }
  }

  /// After `end` and `else` a label may stand again.
  private mutating func takeRepeatedLabel() throws(SourceError) {
    guard let label = takeIdentifier(), label != frames.last?.label else { return }
    cursor -= 1
    throw SourceError("mismatching label \(quote(current))", at: Int(current.offset))
  }

  // MARK: Structured instructions.

  /// Encodes the beginning of the structured instruction whose name comes next.
  private mutating func openBlock(
    _ entry: InstructionEntry, _ kind: Frame.Kind
  ) throws(SourceError) {
    let name = cursor
    try appendBlockStart(entry)
    frames.append(Frame(kind: kind, name: name))
    openLabel()
  }

  /// Opcode, type and handlers of the instruction whose name comes next.
  private mutating func appendBlockStart(_ entry: InstructionEntry) throws(SourceError) {
    cursor += 1
    _ = takeIdentifier()
    appendOpcode(entry)
    try appendBlockType()
    // The labels of handlers are those outside of the block.
    if entry.immediates == .tryTable { try appendHandlers() }
  }

  /// Opens the label of the last frame, which may stand behind its name.
  private mutating func openLabel() {
    let last = frames.count - 1
    let token = tokens[frames[last].name + 1]
    let label = token.kind == .identifier ? token.symbol : nil
    if let label, scope.isFunction {
      names.labels.append(
        ModuleNames.InnerEntry(
          owner: scope.function,
          entry: ModuleNames.Entry(index: scope.blockCount, name: label)))
    }
    frames[last].label = label
    frames[last].hiddenLabel = scope.openBlock(label)
  }

  /// Takes the last frame away, with its label.
  private mutating func closeBlock() {
    let frame = frames.removeLast()
    scope.closeBlock(frame.label, frame.hiddenLabel)
  }

  private mutating func appendLegacyCatch() throws(SourceError) {
    let isCatchAll = keyword(at: cursor) == .catchAll
    cursor += 1
    code.append(isCatchAll ? 0x19 : 0x07)
    if !isCatchAll { code.appendUnsigned(try takeIndex(.tag)) }
  }

  // MARK: Folded instructions.

  private mutating func parseOpen() throws(SourceError) {
    guard let entry = instruction(at: cursor + 1) else { return try parseClause() }
    guard frames.last?.allowsFolded ?? true else { throw unexpectedInFolded() }
    let name = cursor + 1
    cursor = name
    switch entry.immediates {
    case .block, .tryTable: try openBlock(entry, .foldedBlock)
    case .legacyTry: try openBlock(entry, .foldedTry)
    case .ifElse:
      // The condition comes first, in the text behind label and type.
      skipImmediates()
      frames.append(Frame(kind: .foldedIf, name: name, operands: cursor))
    default:
      skipImmediates()
      frames.append(Frame(kind: .plain, name: name, operands: cursor))
    }
  }

  /// Steps from an instruction's name to its first operand or its end. The immediates are read when
  /// the operands have been, in the order of the binary format.
  private mutating func skipImmediates() {
    cursor += 1
    while current.kind != .close {
      if current.kind == .open {
        if instruction(at: cursor + 1) != nil || keyword(at: cursor + 1) == .then { return }
        cursor = Int(current.extent)
      }
      cursor += 1
    }
  }

  /// `(then`, `(else` and the like.
  private mutating func parseClause() throws(SourceError) {
    guard let kind = frames.last?.kind else { throw unknownFoldedInstruction() }
    let last = frames.count - 1
    let name = cursor + 1
    switch (keyword(at: name), kind) {
    case (.then, .foldedIf):
      try beginFoldedIf(last)
      cursor = name + 1
    case (.else, .foldedIfThen):
      code.append(0x05)
      frames[last].kind = .foldedIfElse
      cursor += 2
    case (.do, .foldedTry):
      frames[last].kind = .foldedTryBody
      cursor += 2
    case (.catch, .foldedTryBody), (.catchAll, .foldedTryBody):
      cursor += 1
      try appendLegacyCatch()
    case (.delegate, .foldedTryBody):
      // The label is one outside of the block, which ends here.
      scope.closeBlock(frames[last].label, frames[last].hiddenLabel)
      frames[last].kind = .foldedTryDelegated
      cursor += 2
      code.append(0x18)
      try appendLabel()
      return try expectClose()
    default: throw unknownFoldedInstruction()
    }
    frames.append(Frame(kind: .clause, name: name))
  }

  /// Encodes the `if` of frame `last`, whose condition is done.
  private mutating func beginFoldedIf(_ last: Int) throws(SourceError) {
    cursor = frames[last].name
    guard let entry = instruction(at: cursor) else { return }
    try appendBranchHint(before: cursor - 1)
    try appendBlockStart(entry)
    guard cursor == frames[last].operands else {
      throw current.kind == .open ? unknownFoldedInstruction() : expected("'(then'")
    }
    openLabel()
    frames[last].kind = .foldedIfThen
  }

  /// A closing parenthesis ends the last frame, which must be of a folded instruction.
  private mutating func parseClose() throws(SourceError) {
    guard let frame = frames.last else { throw expected("an instruction") }
    switch frame.kind {
    case .plain:
      try closePlain(frame)
      return
    case .clause: frames.removeLast()
    case .foldedBlock, .foldedIfThen, .foldedIfElse, .foldedTryBody:
      code.append(0x0B)
      closeBlock()
    case .foldedTryDelegated: frames.removeLast()
    case .foldedIf: throw expected("'(then'")
    case .foldedTry: throw expected("'(do'")
    case .block, .ifThen, .ifElse, .legacyTry: throw missingEnd()
    }
    cursor += 1
  }

  private mutating func closePlain(_ frame: Frame) throws(SourceError) {
    let close = cursor
    frames.removeLast()
    cursor = frame.name
    guard let entry = instruction(at: cursor) else { return }
    if entry.isConditionalBranch { try appendBranchHint(before: cursor - 1) }
    cursor += 1
    try append(entry)
    guard cursor == frame.operands else {
      throw current.kind == .open
        ? unknownFoldedInstruction() : expected("an instruction in parentheses, or ')'")
    }
    cursor = close + 1
  }

  // MARK: Branch hints. Spec: core 3.0 §7.4.4.

  /// Notes the hint that stands before the token at `place`, for the instruction that is encoded
  /// next.
  private mutating func appendBranchHint(before place: Int) throws(SourceError) {
    let found = annotations.take(.branchHint, before: place)
    guard let annotation = found.first else { return }
    guard found.count == 1 else {
      throw SourceError("duplicate branch hint", at: found[1].offset)
    }
    let value = annotations.string(annotation, at: annotation.content.lowerBound, text)
    guard annotation.content.count == 1, value == [0] || value == [1] else {
      throw SourceError("a branch hint is \"\\00\" or \"\\01\"", at: annotation.offset)
    }
    branchHints.append(
      BranchHint(function: scope.function, offset: code.count, isLikely: value == [1]))
  }

  // MARK: Errors.

  private func unknownInstruction(at place: Int) -> SourceError {
    let word = tokens[place]
    let hint = vocabulary.instruction(nearestTo: bytes(word)).map { "did you mean '\($0)'?" }
    return SourceError("unknown instruction \(quote(word))", at: Int(word.offset), hint: hint)
  }

  /// An error at `(` and a word that cannot follow it here.
  private func unknownFoldedInstruction() -> SourceError {
    let word = tokens[cursor + 1]
    guard current.kind == .open, word.kind == .word else { return unexpectedInFolded() }
    guard word.symbol == Token.unknown else {
      return SourceError(
        "expected an instruction, found '(' and \(quote(word))", at: Int(current.offset))
    }
    return unknownInstruction(at: cursor + 1)
  }

  private func unexpectedInFolded() -> SourceError {
    switch frames.last?.kind {
    case .foldedIf: expected("'(then', or an instruction in parentheses")
    case .foldedIfThen: expected("'(else', or ')'")
    case .foldedTry: expected("'(do'")
    case .foldedTryBody: expected("'(catch', '(catch_all', '(delegate' or ')'")
    case .plain: expected("an instruction in parentheses, or ')'")
    default: expected("')'")
    }
  }
}
