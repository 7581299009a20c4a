// "Did you mean": the known word that is nearest to an unknown one.

/// The one of `words` that `word` was probably meant to be; nil where none is near.
package func nearestWord(to word: String, among words: some Sequence<String>) -> String? {
  // Longer than any word of ours by more than what is near.
  guard word.utf8.count < 100 else { return nil }
  var nearest: String?
  var least = max(2, word.count / 4) + 1
  for candidate in words {
    let distance = editDistance(candidate, word)
    if distance < least { (nearest, least) = (candidate, distance) }
  }
  return nearest
}

/// The fewest insertions, deletions and replacements of a character that turn one text into the
/// other.
private func editDistance(_ left: String, _ right: String) -> Int {
  let right = Array(right)
  var distances = Array(0...right.count)
  for (row, character) in left.enumerated() {
    var diagonal = distances[0]
    distances[0] = row + 1
    for column in right.indices {
      let replaced = diagonal + (right[column] == character ? 0 : 1)
      diagonal = distances[column + 1]
      distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
    }
  }
  return distances[right.count]
}
