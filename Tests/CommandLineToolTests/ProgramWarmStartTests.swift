// Starts from what the cache knows of a module, and files of precompiled code.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramWarmStartTests {
  private static let unread = "the file has not changed, and is not read"

  /// A program that writes `text`, long enough to be worth an index, by data segments that overlap;
  /// one is passive, and one lies far away.
  private static func program(_ text: String) -> String {
    let padding = String(repeating: ";; nothing\n", count: 20_000)
    return """
      (module
        (import "wasi_snapshot_preview1" "fd_write"
          (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 8)
        (data (i32.const 0) "\\10\\00\\00\\00\\06\\00\\00\\00")
        (data (i32.const 16) "XXXXX\\n")
        (data (i32.const 16) "\(text)")
        (data (i32.const 400000) "far")
        (data $late "\\n!")
        (func (export "_start")
          (if (i32.ne (i32.load8_u (i32.const 400001)) (i32.const 97)) (then unreachable))
          (memory.init $late (i32.const 21) (i32.const 0) (i32.const 1))
          (i32.store8 (i32.const 400000) (i32.const 1))
          (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
      )

      """ + padding
  }

  private static func place(_ text: String) throws -> (program: WasmrunProgram, module: String) {
    let program = try WasmrunProgram()
    return (program, try program.add("app.wat", Array(Self.program(text).utf8)))
  }

  /// Lets files become old enough that a change would show in their times.
  private static func settle() { Thread.sleep(forTimeInterval: 2.1) }

  private static func run(
    _ program: WasmrunProgram, _ words: String...
  ) throws -> RunResult {
    let process = try program.start(["-v", "--compiler=baseline"] + words, tag: "warm")
    return try program.finish(process, tag: "warm")
  }

  @Test func aFileThatHasNotChangedIsNotRead() throws {
    let (program, module) = try Self.place("hello")
    Self.settle()
    #expect(!(try Self.run(program, module)).errors.contains(Self.unread))
    for _ in 0..<3 {
      let warm = try Self.run(program, module)
      #expect(warm.output == "hello\n" && warm.errors.contains(Self.unread), "\(warm.errors)")
    }
    #expect(try program.run("cache", "verify").status == 0)
    // A file of the same size in its place, and then the first again.
    _ = try program.add("app.wat", Array(Self.program("other").utf8))
    let changed = try Self.run(program, module)
    #expect(changed.output == "other\n" && !changed.errors.contains(Self.unread))
    Self.settle()
    _ = try Self.run(program, module)
    let again = try Self.run(program, module)
    #expect(again.output == "other\n" && again.errors.contains(Self.unread))
  }

  @Test func whatIsDamagedIsMadeAgain() throws {
    let (program, module) = try Self.place("hello")
    Self.settle()
    _ = try Self.run(program, module)
    #expect(try Self.run(program, module).errors.contains(Self.unread))
    let files = FileManager.default
    let name = try #require(
      try files.contentsOfDirectory(atPath: program.cachePath).first { $0.hasSuffix(".module") })
    let path = program.cachePath + "/" + name
    try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: 300)
    try file.write(contentsOf: Data([0xAA, 0xAA, 0xAA]))
    try file.close()
    try files.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
    let result = try Self.run(program, module)
    #expect(result.output == "hello\n" && !result.errors.contains(Self.unread))
    #expect(result.errors.contains("removed an entry of the cache"))
    #expect(try Self.run(program, module).errors.contains(Self.unread))
  }

  @Test func aTrapNamesItsFunctions() throws {
    let program = try WasmrunProgram()
    let text =
      """
      (module (memory 1)
        (func $deep (drop (i32.load (i32.const 70000))))
        (func $_start (export "_start") (call $deep)))

      """ + String(repeating: ";; nothing\n", count: 20_000)
    let module = try program.add("trap.wat", Array(text.utf8))
    Self.settle()
    let cold = try program.run("--compiler=baseline", module)
    let warm = try Self.run(program, module)
    #expect(cold.status == 134 && cold.errors.contains("deep"))
    #expect(warm.status == 134 && warm.errors.contains(Self.unread))
    #expect(warm.errors.hasSuffix(cold.errors))
  }

  // MARK: Precompiled files.

  private static func precompiled() throws -> (program: WasmrunProgram, path: String) {
    let (program, module) = try place("hello")
    let path = program.folder.path + "/app.cwasm"
    let result = try program.run("compile", "--compiler=baseline", module, "-o", path)
    #expect(result == RunResult(status: 0, output: "", errors: ""))
    return (program, path)
  }

  @Test func aPrecompiledFileRunsWhereThatIsAllowed() throws {
    let (program, path) = try Self.precompiled()
    // The cache has no part in it.
    _ = try program.run("cache", "clear")
    let allowed = try program.run("--allow-precompiled", path)
    #expect(allowed == RunResult(status: 0, output: "hello\n", errors: ""))
    #expect(try program.run("cache", "list").output == "")
    let refused = try program.run(path)
    #expect(refused.status == 126 && refused.output == "")
    #expect(refused.errors.contains("hint: --allow-precompiled"))
  }

  @Test func aPrecompiledFileThatIsWrongIsRefused() throws {
    let (program, path) = try Self.precompiled()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    func refusal(_ data: Data) throws -> String {
      let path = try program.add("wrong.cwasm", Array(data))
      let result = try program.run("--allow-precompiled", path)
      #expect(result.status == 126 && result.output == "", "\(result)")
      return result.errors
    }
    // The header, the module's part, its pages, and the last byte of the code.
    for place in [20, 4_000, 4_400, 9_000, whole.count - 1] {
      var altered = whole
      altered[place] ^= 0x40
      let errors = try refusal(altered)
      #expect(errors.contains("damaged") || errors.contains("version"), "\(place): \(errors)")
    }
    for count in [100, 4_096, 5_000, whole.count - 1] {
      #expect(try refusal(whole.prefix(count)).contains("cut off"), "\(count)")
    }
    var longer = whole
    longer.append(0)
    #expect(try refusal(longer).contains("cut off"))
    var stale = whole
    stale[8] = 99
    #expect(try refusal(stale).contains("of another version"))
  }

  @Test func compilingToAFileTakesOneModule() throws {
    let (program, module) = try Self.place("hello")
    let two = try program.run("compile", module, module, "-o", program.folder.path + "/x.cwasm")
    #expect(two.status == 64 && two.errors.contains("one module"))
    let nowhere = try program.run(
      "compile", "--compiler=baseline", module, "-o", program.folder.path + "/none/x.cwasm")
    #expect(nowhere.status == 125 && nowhere.errors.contains("cannot write"))
    let uncached = try program.run(
      "compile", "--compiler=baseline", "--no-cache", module, "-o",
      program.folder.path + "/x.cwasm")
    #expect(uncached.status == 0)
  }

  /// A device or a pipe is written and stays, a link stays and what it leads to is written, and `-` is
  /// standard output.
  @Test func compilingToAFileReplacesFilesOnly() throws {
    let (program, path) = try Self.precompiled()
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try program.folder.write("longer", String(repeating: "x", count: whole.count + 1))
    let script = """
      cd '\(program.folder.path)' && export XDG_CACHE_HOME=$PWD/cache || exit 1
      C="'\(WasmrunProgram.path)' compile --compiler=baseline app.wat -o"
      mkfifo pipe && { cat pipe >piped & } && eval "$C pipe" && wait || exit 2
      ln -s longer link && eval "$C link" || exit 3
      ln -s new dangling && eval "$C dangling" || exit 4
      eval "$C -" >standard || exit 5
      eval "$C /dev/stdout" | cat >output || exit 6
      [ -p pipe ] && [ -L link ] && [ -L dangling ] && [ ! -e - ] || exit 7
      """
    let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", script], descriptors: [])
    #expect(try child.wait() == .exited(0))
    for name in ["piped", "longer", "new", "standard", "output"] {
      let written = try Data(contentsOf: URL(fileURLWithPath: program.folder.path + "/" + name))
      #expect(written == whole, "\(name)")
    }
    // The module itself is not what it is compiled to.
    let own = program.folder.path + "/app.wat"
    let same = try program.run("compile", "--compiler=baseline", own, "-o", own)
    #expect(same.status == 64)
    #expect(same.errors == "wasmrun: cannot compile '\(own)' to '\(own)': they are the same file\n")
    // Nothing is lost there without a word.
    let full = try program.run(
      "compile", "--compiler=baseline", program.folder.path + "/app.wat", "-o", "/dev/full")
    #expect(full.status == 125)
    #expect(full.errors == "wasmrun: cannot write '/dev/full': No space left on device\n")
  }

  @Test func whereAPrecompiledFileIsNoModuleThatIsTold() throws {
    let (program, path) = try Self.precompiled()
    let hint = "hint: the file is precompiled code"
    for command in ["inspect", "validate", "compile"] {
      let result = try program.run(command, path)
      #expect(result.status == 126)
      #expect(result.errors.contains(hint), "\(result.errors)")
    }
    let child = try ChildProcess(
      path: "/bin/sh",
      arguments: [
        "-c",
        "cat '\(path)' | '\(WasmrunProgram.path)' --allow-precompiled - 2>'\(path).err'",
      ], descriptors: [])
    #expect(try child.wait() == .exited(126))
    #expect(try program.folder.contents(of: "app.cwasm.err").contains(hint))
  }
}
