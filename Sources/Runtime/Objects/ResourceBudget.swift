// What the guests of a store may still take of something.

import Synchronization

/// Bytes of linear memory, or elements of tables. Threads may take of it at the same time, since
/// each may grow another shared memory of the store.
final class ResourceBudget: Sendable {
  private let left: Mutex<UInt64>

  /// nil: there is no limit.
  init(_ count: UInt64?) { left = Mutex(count ?? .max) }

  var remaining: UInt64 { left.withLock { $0 } }

  /// False where that many are not left.
  func take(_ count: UInt64) -> Bool {
    left.withLock { left in
      guard count <= left else { return false }
      left -= count
      return true
    }
  }

  func giveBack(_ count: UInt64) { left.withLock { $0 += count } }
}
