// Keeping the cache within its size: what was not used for longest goes first.

import SystemCalls

extension CodeCache {
  /// What was removed, and what is left.
  package struct Removal: Hashable, Sendable {
    /// Files that are gone.
    package var fileCount = 0
    package var byteCount: UInt64 = 0
    /// Bytes of what is left, by whole blocks.
    package var leftByteCount: UInt64 = 0

    package init() {}

    /// Adds what a later removal did.
    package mutating func add(_ later: Removal) {
      fileCount += later.fileCount
      byteCount += later.byteCount
      leftByteCount = later.leftByteCount
    }
  }

  /// Nanoseconds after which a file that some process was writing counts as abandoned.
  private static let abandonedAge: Int64 = 3_600 * 1_000_000_000

  /// Removes what interrupted processes have left half-written and then, while there is more than
  /// `byteLimit`, entries, the longest unused first. Files that are being written count, but stay.
  ///
  /// Whoever has an entry open keeps it. Two processes that do this at once remove the same entries.
  @discardableResult
  package func prune(to byteLimit: UInt64, keeping keptName: String? = nil) throws(CacheFailure)
    -> Removal
  {
    let files = try files()
    var removal = Removal()
    removal.leftByteCount = files.reduce(0) { $0 + $1.blockByteCount }
    let now = Int64(clamping: (try? Clock.realtime.now()) ?? 0)
    for file in files
    where file.kind == .temporary && now - file.lastUse > Self.abandonedAge {
      remove(file, &removal)
    }
    guard removal.leftByteCount > byteLimit else { return removal }
    let candidates = files.filter { $0.kind.isEntry && $0.name != keptName }
    for file in candidates.sorted(by: { $0.lastUse < $1.lastUse }) {
      guard removal.leftByteCount > byteLimit else { break }
      remove(file, &removal)
    }
    return removal
  }

  /// Removes entries that no run of this version can use, whatever they are.
  package func removeUnusable() throws(CacheFailure) -> Removal {
    var removal = Removal()
    for file in try files() where file.kind.isEntry {
      do throws(CacheFailure) {
        _ = try moduleHash(of: file.name)
      } catch {
        guard error.isForGood else { continue }
        remove(file, &removal)
      }
    }
    return removal
  }

  /// Makes room after an insertion: a tenth more than needed, so that the next insertions need not.
  func makeRoom(keeping name: String) {
    guard let total = try? files().reduce(0, { $0 + $1.blockByteCount }) else { return }
    _ = try? prune(
      to: total > byteLimit ? byteLimit - byteLimit / 10 : byteLimit, keeping: name)
  }

  /// Removes a file, unless its name stands for another one by now.
  private func remove(_ file: Listed, _ removal: inout Removal) {
    guard let status = try? folder.descriptor.status(of: file.name),
      status.identity == file.identity
    else { return }
    do throws(Errno) {
      try folder.descriptor.unlink(file.name)
    } catch {
      return
    }
    removal.fileCount += 1
    removal.byteCount += file.blockByteCount
    removal.leftByteCount -= min(file.blockByteCount, removal.leftByteCount)
  }
}
