// `wasmrun cache prune|verify|clear`: what removes entries.

import ArgumentParser
import CodeCache
import ProgramRunner
import SystemCalls

extension CacheCommand {
  struct Prune: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove what is of no use, and what was not used for longest.",
      discussion: """
        First goes what another version of wasmrun left, or what is damaged or not trusted; then, \
        while there is more than the cache may have, what was not used for longest.

          wasmrun cache prune
          wasmrun cache prune --max-size 100M
        """)

    @Option(
      help: "Leave at most so much, such as 100M, instead of the cache's limit.",
      transform: reading("a size such as 100M") { ByteCount($0) })
    var maxSize: ByteCount?

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      reportingErrors { () throws(RunnerError) in
        let limit = if let maxSize { maxSize.bytes } else { try CacheSize.limit() }
        var removal = CodeCache.Removal()
        try usingCache(try cacheLocation()) { cache throws(CacheFailure) in
          removal = try cache.removeUnusable()
          removal.add(try cache.prune(to: limit))
        }
        try FileDescriptor.standardOutput.answer(text(removal))
        return .success
      }
    }

    private func text(_ removal: CodeCache.Removal) -> String {
      guard json else {
        return "removed \(counted(removal.fileCount)), \(removal.byteCount) bytes; "
          + "\(removal.leftByteCount) bytes are left\n"
      }
      return JSONText.object([
        "removed": "\(removal.fileCount)", "removedBytes": "\(removal.byteCount)",
        "bytes": "\(removal.leftByteCount)",
      ]) + "\n"
    }
  }

  struct Verify: ExecutableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every entry whole, and check its tables and its code.",
      discussion: """
        Entries that are wrong are named on standard error and removed; the exit status is 1 then.
        """)

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      withCache(elsePrint: text(count: 0, wrong: [])) { cache throws(CacheFailure) in
        let entries = try cache.entries()
        var wrong: [(name: String, why: String)] = []
        for entry in entries {
          do throws(CacheFailure) {
            try cache.verify(entry.name)
          } catch {
            wrong.append((entry.name, "\(error)"))
            FileDescriptor.standardError.print(
              Diagnostic("removed '\(entry.name)'", "\(error)").text)
            try cache.remove(named: entry.name)
          }
        }
        return (
          text(count: entries.count, wrong: wrong), wrong.isEmpty ? .success : .problemsFound
        )
      }
    }

    private func text(count: Int, wrong: [(name: String, why: String)]) -> String {
      guard json else { return "\(counted(count)), \(wrong.count) wrong\n" }
      let objects = wrong.map {
        JSONText.object(["name": JSONText.string($0.name), "why": JSONText.string($0.why)])
      }
      return JSONText.object(["entries": "\(count)", "wrong": JSONText.array(objects)]) + "\n"
    }
  }

  struct Clear: ExecutableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove all entries.")

    @Flag(help: "Print JSON.") var json = false

    func execute() -> ExitStatus {
      withCache(elsePrint: text(CodeCache.Removal())) { cache throws(CacheFailure) in
        return (text(try cache.clear()), .success)
      }
    }

    private func text(_ removal: CodeCache.Removal) -> String {
      guard json else { return "removed \(counted(removal.fileCount))\n" }
      return JSONText.object([
        "removed": "\(removal.fileCount)", "removedBytes": "\(removal.byteCount)",
      ]) + "\n"
    }
  }
}

private func counted(_ count: Int) -> String { "\(count) \(count == 1 ? "entry" : "entries")" }
