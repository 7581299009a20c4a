// Keeping guests away from finished code: who could change it would decide what the next run runs.

import CodeCache
import SystemCalls
import WASI

extension OpenedGrants {
  /// Guards the cache's folder in those of `preopens` that hold its place and can be changed. The
  /// folder is made where it is missing: else the guest could make it.
  static func guardCache(in preopens: inout [Preopen]) throws(RunnerError) {
    guard preopens.contains(where: { !$0.isReadOnly }), let location = CacheLocation(),
      let around = surroundings(of: location)
    else { return }
    var guarded: GuardedFolder?
    for index in preopens.indices where !preopens[index].isReadOnly {
      let grant = preopens[index].descriptor
      guard (try? around.isInside(grant)) ?? true else { continue }
      if guarded == nil { guarded = try guardedCache(location) }
      guard let folder = guarded, let own = try? grant.status() else { continue }
      if own.identity == folder.identity {
        throw refusal("a program could change the code in it")
      }
      preopens[index].guarded = folder
    }
  }

  /// The cache's folder, or the one around it that there is; nil where it cannot be looked at, which
  /// the guest can as little.
  private static func surroundings(of location: CacheLocation) -> GuardedFolder? {
    var path = location.path
    while true {
      do throws(Errno) {
        let folder = try FileDescriptor.currentDirectory.open(path.cString, [.path, .directory])
        return try GuardedFolder(folder.descriptor)
      } catch {
        guard error == .noSuchFileOrDirectory, path != "/",
          let slash = path.bytes.lastIndex(of: UInt8(ascii: "/"))
        else { return nil }
        path = slash == 0 ? "/" : OSString(bytes: path.bytes[..<slash])
      }
    }
  }

  private static func guardedCache(_ location: CacheLocation) throws(RunnerError) -> GuardedFolder {
    do throws(CacheFailure) {
      _ = try CodeCache.open(location, creating: true)
    } catch {
      throw refusal("the cache '\(location.path)' is to be in it, and cannot be made: \(error)")
    }
    do throws(Errno) {
      let folder = try FileDescriptor.currentDirectory.open(
        location.path.cString, [.path, .directory])
      return try GuardedFolder(folder.descriptor)
    } catch {
      throw refusal("the cache '\(location.path)' in it cannot be guarded: \(error)")
    }
  }

  private static func refusal(_ why: String) -> RunnerError {
    RunnerError(
      .failed, "cannot grant the folder of the code cache", why,
      hint: "--ro-dir grants it to read, XDG_CACHE_HOME moves the cache")
  }
}
