// All words with a meaning, numbered: keywords first, then the instructions.

/// The words that the lexer looks up.
struct Vocabulary: Sendable {
  /// The spellings; a word's number is the symbol of its tokens.
  let words: ByteTable
  /// By number.
  let keywords: [Keyword]
  /// By number, less the count of the keywords.
  let instructions: [InstructionEntry]

  static let shared = Vocabulary()

  private init() {
    var words = ByteTable()
    func add(_ word: some StringProtocol) {
      let number = words.count
      let spelling = Array(word.utf8)
      let own = spelling.withUnsafeBytes { words.insert($0) }
      precondition(own == number, "the vocabulary has a word twice")
    }
    keywords = Keyword.allCases
    for keyword in keywords { add(keyword.rawValue) }
    var instructions: [InstructionEntry] = []
    for row in InstructionRow.all {
      row.forEach { name, entry in
        add(name)
        instructions.append(entry)
      }
    }
    self.instructions = instructions
    self.words = words
  }
}

/// An instruction as the table has it.
struct InstructionEntry {
  /// The byte before the opcode; 0 for none.
  var prefix: UInt8
  var opcode: UInt16
  var immediates: Immediates
  /// log2 of the bytes that a memory access touches.
  var naturalAlignment: UInt8
}
