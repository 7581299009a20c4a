// Which instruction was meant by a word that is none.

import StructuredText

extension Vocabulary {
  /// The instruction whose name is nearest to `word`; nil where none is near.
  func instruction(nearestTo word: UnsafeRawBufferPointer) -> String? {
    nearestWord(
      to: String(decoding: word, as: UTF8.self),
      among: (keywords.count..<words.count).lazy.map {
        String(decoding: words[UInt32($0)], as: UTF8.self)
      })
  }
}
