// The tokens of the text format, and annotations beside them.

/// A lexical unit, by its place in the text. Spec: core 3.0 §6.3.1.
struct Token {
  enum Kind: UInt8 {
    case open
    case close
    /// A word that begins with a small letter: keywords, and the numbers `inf` and `nan`.
    case word
    /// What begins with a digit or a sign.
    case number
    case identifier
    case string
    /// What has no meaning but may stand in annotations.
    case reserved
    case end
  }

  /// Byte offset in the text.
  var offset: UInt32
  /// For parentheses the place of the other one among the tokens, for others the number of bytes.
  var extent: UInt32
  /// For words the number in the vocabulary, for identifiers the number of the name.
  var symbol: UInt32 = Self.unknown
  var kind: Kind

  /// The symbol of a word that is not in the vocabulary.
  static let unknown = UInt32.max

  /// The bytes in the text; a parenthesis is one byte.
  var bytes: Range<Int> {
    let isParenthesis = kind == .open || kind == .close
    return Int(offset)..<Int(offset) + (isParenthesis ? 1 : Int(extent))
  }
}

/// An annotation that has a meaning for a module. Spec: core 3.0 §6.3.5, appendix §7.4.
struct Annotation {
  enum Kind {
    /// `(@custom …)`: a custom section.
    case custom
    /// `(@name …)`: a name that is not an identifier.
    case name
    /// `(@metadata.code.branch_hint …)`: which way a branch goes mostly.
    case branchHint
  }

  var kind: Kind
  /// Byte offset of its parenthesis.
  var offset: Int
  /// The token that follows it.
  var successor: Int
  /// Its content in `TokenizedText.annotationTokens`; an `.end` stands behind it.
  var content: Range<Int>
}

/// A text cut into tokens: parentheses are balanced, and annotations set apart.
struct TokenizedText {
  /// The last one is `.end`.
  var tokens: [Token] = []
  /// In their order in the text.
  var annotations: [Annotation] = []
  var annotationTokens: [Token] = []
  /// The names of identifiers by their symbol, without the dollar sign.
  var names = ByteTable()
}
