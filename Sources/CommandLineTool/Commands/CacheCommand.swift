// `wasmrun cache path|list|info|prune|verify|clear`: the tree, and what only looks.

package import ArgumentParser
import CodeCache
import CompilerInterface
import ProgramRunner
import SystemCalls

/// Looks after finished code.
package struct CacheCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.cache.rawValue,
    abstract: "Look at finished code, verify it, throw it away.",
    discussion: """
      Code is kept in $XDG_CACHE_HOME/wasmrun, else in ~/.cache/wasmrun. All of it can be deleted \
      at any time; it is made again when it is needed. It takes at most 1 GiB, or what \
      WASMRUN_CACHE_SIZE says (such as 512M; 0 keeps nothing): beyond that, what was not used for \
      longest is removed.
      """,
    subcommands: [Path.self, List.self, Info.self, Prune.self, Verify.self, Clear.self],
    helpNames: [.short, .long])

  package init() {}

  struct Path: ExecutableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the cache's folder.")

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      reportingErrors { () throws(RunnerError) in
        let path = try cacheLocation().path
        if json {
          try FileDescriptor.standardOutput.answer(
            JSONText.object(["path": JSONText.string(path.description)]) + "\n")
        } else {
          try FileDescriptor.standardOutput.answer(Array((path + "\n").bytes))
        }
        return .success
      }
    }
  }

  struct List: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the entries: name, bytes, last use, and the module's SHA-256.")

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      withCache(elsePrint: json ? "[]\n" : "") { cache throws(CacheFailure) in
        let lines = try cache.entries().map { entry in
          // An entry that cannot be opened is shown all the same: it takes space.
          let hash = (try? cache.moduleHash(of: entry.name))?.hexadecimal
          return json ? Self.object(entry, hash) : Self.line(entry, hash)
        }
        return (json ? JSONText.array(lines) + "\n" : lines.joined(), .success)
      }
    }

    private static func line(_ entry: CodeCache.Listed, _ hash: String?) -> String {
      "\(escaped(entry.name)) \(entry.byteCount) \(timeText(entry.lastUse)) \(hash ?? "?")\n"
    }

    private static func object(_ entry: CodeCache.Listed, _ hash: String?) -> String {
      JSONText.object([
        "name": JSONText.string(entry.name), "bytes": "\(entry.byteCount)",
        "lastUse": JSONText.string(timeText(entry.lastUse)),
        "module": hash.map { JSONText.string($0) } ?? "null",
      ])
    }
  }

  struct Info: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print how much there is, and how much there may be.")

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      reportingErrors { () throws(RunnerError) in
        let location = try cacheLocation()
        let limit = try CacheSize.limit()
        var files: [CodeCache.Listed] = []
        try usingCache(location) { cache throws(CacheFailure) in files = try cache.files() }
        try FileDescriptor.standardOutput.answer(
          json ? Self.object(location, files, limit) : Self.text(location, files, limit))
        return .success
      }
    }

    private static func text(
      _ location: CacheLocation, _ files: [CodeCache.Listed], _ limit: UInt64
    ) -> String {
      let entries = files.filter(\.kind.isEntry)
      var text = """
        folder    \(escaped(location.path.description))
        entries   \(entries.count)
        bytes     \(files.byteCount) of \(limit)

        """
      if let oldest = entries.map(\.lastUse).min() { text += "oldest    \(timeText(oldest))\n" }
      let unfinished = files.count - entries.count
      if unfinished > 0 { text += "unfinished \(unfinished)\n" }
      return text
    }

    private static func object(
      _ location: CacheLocation, _ files: [CodeCache.Listed], _ limit: UInt64
    ) -> String {
      let entries = files.filter(\.kind.isEntry)
      let oldest = entries.map(\.lastUse).min().map { JSONText.string(timeText($0)) }
      return JSONText.object([
        "path": JSONText.string(location.path.description), "entries": "\(entries.count)",
        "unfinished": "\(files.count - entries.count)", "bytes": "\(files.byteCount)",
        "limit": "\(limit)", "oldestUse": oldest ?? "null",
      ]) + "\n"
    }
  }
}

extension [CodeCache.Listed] {
  /// What all of them take of the disk.
  fileprivate var byteCount: UInt64 { reduce(0) { $0 + $1.blockByteCount } }
}

// MARK: Getting at the cache.

func cacheLocation() throws(RunnerError) -> CacheLocation {
  guard let location = CacheLocation() else {
    throw RunnerError(
      .failed, "there is no cache", "neither XDG_CACHE_HOME nor HOME names a folder")
  }
  return location
}

/// Runs `body` with the cache, if there is one: looking makes no folder. Says whether there is.
@discardableResult
func usingCache(
  _ location: CacheLocation, _ body: (borrowing CodeCache) throws(CacheFailure) -> Void
) throws(RunnerError) -> Bool {
  do throws(CacheFailure) {
    guard let cache = try CodeCache.open(location, creating: false) else { return false }
    try body(cache)
    return true
  } catch {
    throw RunnerError(.failed, "cannot use the cache '\(location.path)'", "\(error)")
  }
}

/// Does a command's work with the cache, and prints its answer; where there is no cache, `nothing`.
func withCache(
  elsePrint nothing: String,
  _ body: (borrowing CodeCache) throws(CacheFailure) -> (answer: String, status: ExitStatus)
) -> ExitStatus {
  reportingErrors { () throws(RunnerError) in
    var (answer, status) = (nothing, ExitStatus.success)
    try usingCache(try cacheLocation()) { cache throws(CacheFailure) in
      (answer, status) = try body(cache)
    }
    try FileDescriptor.standardOutput.answer(answer)
    return status
  }
}
