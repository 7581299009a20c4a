// Why the cache cannot be used.

package import CompilerInterface
package import SystemCalls

/// A reason to do without the cache, or without an entry. Never a reason not to run.
package enum CacheFailure: Error, Hashable, Sendable {
  /// A call of the kernel failed while `doing` something.
  case system(doing: String, Errno)
  /// Somebody else could have put it there: `what` is the folder or an entry.
  case notTrusted(what: String, why: String)
  /// An entry that is no sound image.
  case image(CodeImageError)
  /// An entry that alone has more bytes than the cache may have.
  case tooLarge(byteCount: Int, limit: UInt64)

  /// Whether the entry that it is about will never be of use to this version.
  var isForGood: Bool {
    switch self {
    case .image, .notTrusted: true
    case .system, .tooLarge: false
    }
  }
}

extension CacheFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let doing, let error): "cannot \(doing): \(error)"
    case .notTrusted(let what, let why): "\(what) is not trusted: \(why)"
    case .image(let error): "the entry is \(error)"
    case .tooLarge(let byteCount, let limit):
      "it has \(byteCount) bytes, and the whole cache may have \(limit)"
    }
  }
}

/// Runs a call of the kernel; its error becomes a failure while `doing` something.
func attempt<Result: ~Copyable>(
  _ doing: @autoclosure () -> String, _ body: () throws(Errno) -> Result
) throws(CacheFailure) -> Result {
  do { return try body() } catch { throw .system(doing: doing(), error) }
}

/// Opens what `path` names; nil where there is nothing.
func openIfPresent(
  _ path: UnsafePointer<CChar>, in folder: FileDescriptor, _ flags: OpenFlags,
  doing: @autoclosure () -> String
) throws(CacheFailure) -> OwnedDescriptor? {
  do {
    return try folder.open(path, flags)
  } catch .noSuchFileOrDirectory {
    return nil
  } catch {
    throw .system(doing: doing(), error)
  }
}
