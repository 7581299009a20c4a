// Which instruction was meant by a word that is none.

extension Vocabulary {
  /// The instruction whose name is nearest to `word`; nil where none is near.
  func instruction(nearestTo word: UnsafeRawBufferPointer) -> String? {
    // Longer than the longest name by more than what is near.
    guard word.count < 48 else { return nil }
    var nearest: UInt32?
    var least = max(2, word.count / 6) + 1
    for number in keywords.count..<words.count {
      let distance = Self.editDistance(words[UInt32(number)], word)
      if distance < least { (nearest, least) = (UInt32(number), distance) }
    }
    return nearest.map { String(decoding: words[$0], as: UTF8.self) }
  }

  /// The fewest insertions, deletions and replacements of a byte that turn one word into the other.
  private static func editDistance(
    _ left: ArraySlice<UInt8>, _ right: UnsafeRawBufferPointer
  ) -> Int {
    var distances = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var diagonal = distances[0]
      distances[0] = row + 1
      for column in right.indices {
        let replaced = diagonal + (right[column] == byte ? 0 : 1)
        diagonal = distances[column + 1]
        distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
      }
    }
    return distances[right.count]
  }
}
