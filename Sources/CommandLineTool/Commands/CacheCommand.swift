// `wasmrun cache path|list|verify|clear`.

package import ArgumentParser
import CodeCache
import CompilerInterface
import Engine
import SystemCalls

/// Looks after finished code.
package struct CacheCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: CommandName.cache.rawValue,
    abstract: "Look at finished code, verify it, throw it away.",
    discussion: """
      Code is kept in $XDG_CACHE_HOME/wasmrun, else in ~/.cache/wasmrun. All of it can be deleted \
      at any time; it is made again when it is needed.
      """,
    subcommands: [Path.self, List.self, Verify.self, Clear.self],
    helpNames: [.short, .long])

  package init() {}

  struct Path: ExecutableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the cache's folder.")

    func execute() -> ExitStatus {
      reportingErrors { () throws(EngineError) in
        try? FileDescriptor.standardOutput.writeAll((try location().path + "\n").bytes)
        return .success
      }
    }
  }

  struct List: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the entries: name, bytes, and the module's SHA-256.")

    func execute() -> ExitStatus {
      withCache(elsePrint: "") { cache throws(CacheFailure) in
        for entry in try cache.entries() {
          // An entry that cannot be opened is shown all the same: it takes space.
          let hash = (try? cache.header(of: entry.name))?.moduleHash.hexadecimal ?? "?"
          FileDescriptor.standardOutput.print(
            "\(escaped(entry.name)) \(entry.byteCount) \(hash)\n")
        }
        return .success
      }
    }
  }

  struct Verify: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every entry whole, and check its tables and its code.",
      discussion: """
        Entries that are wrong are named on standard error and removed; the exit status is 1 then.
        """)

    func execute() -> ExitStatus {
      withCache(elsePrint: Self.summary(entryCount: 0, wrongCount: 0)) {
        cache throws(CacheFailure) in
        let entries = try cache.entries()
        var wrong = 0
        for entry in entries {
          do throws(CacheFailure) {
            try cache.verify(entry.name)
          } catch {
            wrong += 1
            FileDescriptor.standardError.print(
              Diagnostic("removed '\(entry.name)'", "\(error)").text)
            try cache.remove(named: entry.name)
          }
        }
        FileDescriptor.standardOutput.print(
          Self.summary(entryCount: entries.count, wrongCount: wrong))
        return wrong == 0 ? .success : .problemsFound
      }
    }

    private static func summary(entryCount: Int, wrongCount: Int) -> String {
      "\(entryCount) \(entryCount == 1 ? "entry" : "entries"), \(wrongCount) wrong\n"
    }
  }

  struct Clear: ExecutableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove all entries.")

    func execute() -> ExitStatus {
      withCache(elsePrint: Self.summary(count: 0)) { cache throws(CacheFailure) in
        FileDescriptor.standardOutput.print(Self.summary(count: try cache.clear()))
        return .success
      }
    }

    private static func summary(count: Int) -> String {
      "removed \(count) \(count == 1 ? "entry" : "entries")\n"
    }
  }
}

private func location() throws(EngineError) -> CacheLocation {
  guard let location = CacheLocation() else {
    throw EngineError(
      .failed, "there is no cache", "neither XDG_CACHE_HOME nor HOME names a folder")
  }
  return location
}

/// Runs `body` with the cache. Where there is none, prints `nothing`: looking makes no folder.
private func withCache(
  elsePrint nothing: String,
  _ body: (borrowing CodeCache) throws(CacheFailure) -> ExitStatus
) -> ExitStatus {
  reportingErrors { () throws(EngineError) in
    let location = try location()
    do throws(CacheFailure) {
      guard let cache = try CodeCache.open(location, creating: false) else {
        FileDescriptor.standardOutput.print(nothing)
        return .success
      }
      return try body(cache)
    } catch {
      throw EngineError(.failed, "cannot use the cache '\(location.path)'", "\(error)")
    }
  }
}
