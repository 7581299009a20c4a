// What the guests of a store may still take of something.

/// Bytes of linear memory, or elements of tables.
final class ResourceBudget {
  private(set) var remaining: UInt64

  /// nil: there is no limit.
  init(_ count: UInt64?) { remaining = count ?? .max }

  /// False where that many are not left.
  func take(_ count: UInt64) -> Bool {
    guard count <= remaining else { return false }
    remaining -= count
    return true
  }

  func giveBack(_ count: UInt64) { remaining += count }
}
