// What the cache's files hold, by the ends of their names.

/// What an entry holds. Entries of different kinds may stand under the same key: one more kind, such
/// as images that lack some functions, is one more case.
package enum CacheEntryKind: String, CaseIterable, Sendable {
  /// A whole code image, under its `CacheKey`.
  case image = ".image"
  /// A module image, under the module's hash: what a start needs besides code.
  case module = ".module"
  /// Which module a file held, under the file's device and inode.
  case index = ".index"

  /// The kind of the entry called `name`; nil where it is none.
  package init?(name: String) {
    guard let kind = Self.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return nil }
    self = kind
  }
}
