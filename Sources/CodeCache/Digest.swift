// SHA-256, as cache keys are made of it.

package import CompilerInterface
import Crypto

/// The SHA-256 of `bytes`.
package func sha256(_ bytes: UnsafeRawBufferPointer) -> Hash256 {
  var hasher = SHA256()
  hasher.update(bufferPointer: bytes)
  return hasher.finalize().withUnsafeBytes { digest in
    let word = { digest.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
    var hash = Hash256()
    hash.words = (word(0), word(1), word(2), word(3))
    return hash
  }
}

/// What a digest is made of: fields one after the other, each with a fixed size or its length
/// before it, so that no two lists of fields give the same bytes.
struct DigestInput {
  private var bytes: [UInt8] = []

  mutating func append(_ text: String) {
    append(UInt64(text.utf8.count))
    bytes += Array(text.utf8)
  }

  mutating func append(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
  }

  mutating func append(_ hash: Hash256) {
    for word in [hash.words.0, hash.words.1, hash.words.2, hash.words.3] { append(word) }
  }

  var digest: Hash256 { bytes.withUnsafeBytes { sha256($0) } }
}
