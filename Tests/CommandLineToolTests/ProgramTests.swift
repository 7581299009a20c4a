// The program from outside: statuses, messages, streams.

import Foundation
import TestSupport
import Testing
import WasmModule

@Suite(.needsProgram) struct ProgramTests {
  @Test(arguments: [0, 1, 42, 127, 255] as [UInt8])
  func theGuestsStatusIsOurs(status: UInt8) throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(status))
    #expect(
      try program.run(path) == RunResult(status: Int32(status), output: "", errors: ""))
  }

  @Test func theGuestsStreamsAreItsOwn() throws {
    let program = try WasmrunProgram()
    let output = try program.add("output.wasm", TestModules.writing("to output\n"))
    let errors = try program.add("errors.wasm", TestModules.writing("to errors\n", to: 2))
    #expect(
      try program.run(output) == RunResult(status: 0, output: "to output\n", errors: ""))
    #expect(
      try program.run(errors) == RunResult(status: 0, output: "", errors: "to errors\n"))
  }

  @Test func aModuleIsReadFromStandardInput() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(7))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": WasmrunProgram.noBacktraces]
    shell.arguments = ["-c", "cat '\(path)' | '\(WasmrunProgram.path)' --no-cache -"]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 7)
  }

  @Test func aTrapIsToldByNames() throws {
    let program = try WasmrunProgram()
    let path = try program.add("trap.wasm", TestModules.trapping())
    let result = try program.run(path)
    #expect(result.status == 134)
    #expect(result.output == "")
    #expect(
      result.errors.hasPrefix(
        "wasmrun: '\(path)' trapped: unreachable\n    0: enter\\u{1b}[m"))
  }

  @Test func withoutNamesExportsHelp() throws {
    let program = try WasmrunProgram()
    let path = try program.add("trap.wasm", TestModules.trapping(hasNames: false))
    let result = try program.run(path)
    #expect(result.status == 134)
    #expect(result.errors.contains("_start"))
    #expect(result.errors.contains("\nhint: the module has no names"))
  }

  @Test func functionsAreInvoked() throws {
    let program = try WasmrunProgram()
    let path = try program.add("library.wasm", TestModules.library)
    #expect(
      try program.run("--invoke", "add", path, "2", "-5")
        == RunResult(status: 0, output: "-3\n", errors: ""))
    #expect(
      try program.run("--invoke", "pair", path, "1.25")
        == RunResult(status: 0, output: "1.25\n2.5\n", errors: ""))
    let initialized = try program.add("initialized.wasm", TestModules.initialized)
    #expect(
      try program.run("--invoke", "get", initialized)
        == RunResult(status: 0, output: "42\n", errors: ""))
  }

  @Test(
    arguments: [
      (["add", "1"], 64, "takes 2 arguments"), (["add", "1", "x"], 64, "'x' is no i32"),
      (["add", "1", "2", "3"], 64, "got 3"), (["nothing"], 126, "no function 'nothing'"),
    ] as [([String], Int32, String)])
  func wrongInvocationsAreRefused(words: [String], status: Int32, why: String) throws {
    let program = try WasmrunProgram()
    let path = try program.add("library.wasm", TestModules.library)
    let process = try program.start(["--invoke", words[0], path] + words.dropFirst(), tag: "run")
    let result = try program.finish(process, tag: "run")
    #expect(result.status == status)
    #expect(result.errors.hasPrefix("wasmrun: ") && result.errors.contains(why))
    #expect(program.entries.isEmpty)
  }

  @Test func whatCannotRunIsRefusedWithItsReason() throws {
    let program = try WasmrunProgram()
    let cases: [(name: String, module: [UInt8], status: Int32, why: String)] = [
      ("text.wasm", Array("#!/bin/sh\n".utf8), 126, "magic header"),
      ("script.py", Array("#!/bin/sh\n".utf8), 126, "\nhint: the file is a script: "),
      ("program", Array("\u{7F}ELF\u{2}\u{1}".utf8), 126, "\nhint: the file is a native program"),
      ("notes.txt", Array("no module\n".utf8), 126, "\nhint: the file is text: "),
      ("archive.gz", [0x1F, 0x8B, 8], 126, "\nhint: the file is compressed: "),
      ("bytes", [1, 2, 3], 126, "\nhint: the file is something else: "),
      ("new.wasm", TestModules.component, 126, "\nhint: components are not supported"),
      ("empty.wasm", [], 126, "it is empty\n"),
      ("cut.wasm", Array(TestModules.library.dropLast(5)), 126, "length out of bounds"),
      ("component.wasm", TestModules.component, 126, "component"),
      ("invalid.wasm", TestModules.invalid, 126, "type mismatch"),
      ("importing.wasm", TestModules.importing, 126, "env.launch\\u{1b}[m"),
      ("library.wasm", TestModules.library, 126, "'_start'"),
    ]
    for (name, module, status, why) in cases {
      let path = try program.add(name, module)
      let result = try program.run(path)
      #expect(result.status == status, "\(name)")
      #expect(result.output == "", "\(name)")
      #expect(result.errors.hasPrefix("wasmrun: '\(path)' is not runnable: "), "\(result.errors)")
      #expect(result.errors.contains(why), "\(result.errors)")
      #expect(!result.errors.contains("\u{1B}"))
    }
    #expect(program.entries.isEmpty)
  }

  @Test func whatIsNotThereIsNotFound() throws {
    let program = try WasmrunProgram()
    let missing = program.folder.path + "/missing.wasm"
    #expect(
      try program.run(missing)
        == RunResult(
          status: 127, output: "",
          errors: "wasmrun: cannot open '\(missing)': No such file or directory\n"))
    let path = try program.add("file.wasm", TestModules.exiting(0))
    #expect(try program.run(path + "/below").status == 127)
    let folder = try program.run(program.folder.path)
    #expect(folder.status == 126)
    #expect(folder.errors.contains("directory without a manifest, wasmer.toml"))
  }

  @Test func whoTypesNothingSeesFirstSteps() throws {
    let result = try WasmrunProgram().run()
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("wasmrun: no module was given\nhint: wasmrun --help "))
    #expect(result.errors.contains("\n  wasmrun --dir . app.wasm "))
  }

  @Test func limitsOfMemoryAreKept() throws {
    let program = try WasmrunProgram()
    let path = try program.add("write.wasm", TestModules.writing("x"))
    #expect(try program.run("--max-memory", "64K", path).status == 0)
    let limited = try program.run("--max-memory", "65535", path)
    #expect(limited.status == 125)
    #expect(limited.errors.contains("memory"))
    let hungry = try program.add("hungry.wasm", TestModules.hungry)
    let result = try program.run("--max-memory", "1G", hungry)
    #expect(result.status == 125)
    #expect(result.errors.hasPrefix("wasmrun: cannot start "))
  }

  @Test func foldersThatAreNotThereCannotBeGranted() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(0))
    let result = try program.run("--dir", program.folder.path + "/nowhere", path)
    #expect(result.status == 125)
    #expect(result.errors.contains("nowhere': No such file or directory"))
    #expect(try program.run("--dir", path, path).errors.contains("Not a directory"))
  }

  @Test(
    arguments: [
      (["--bogus", "x"], "unknown option '--bogus'"), ([], "no module was given"),
      (["--dirs", ".", "x"], "did you mean '--dir'"),
      (["--opt-level", "9", "x"], "1, 2 or 3 is expected"),
      (["-v", "-q", "x"], "exclude each other"), (["cache", "burn"], "burn"),
      (["--compiler", "c", "x"], "auto, baseline or llvm"),
    ] as [([String], String)])
  func wrongCommandLinesAreRefused(words: [String], why: String) throws {
    let program = try WasmrunProgram()
    let result = try program.finish(try program.start(words, tag: "run"), tag: "run")
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("wasmrun: ") && result.errors.contains(why))
    #expect(result.errors.contains("\nhint: "))
  }

  @Test(arguments: [
    ["--help"], ["-h"], ["help"], ["help", "run"], ["run", "--help"], ["--dir", ".", "--help"],
  ])
  func helpIsNoError(words: [String]) throws {
    let program = try WasmrunProgram()
    let result = try program.finish(try program.start(words, tag: "run"), tag: "run")
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.output.hasPrefix("Run WebAssembly programs.\n\n  wasmrun hello.wasm"))
  }

  @Test func commandsHaveHelpAndAVersion() throws {
    let program = try WasmrunProgram()
    let version = try program.run("--version")
    #expect(version.status == 0 && version.output.hasPrefix("wasmrun 0."))
    for command in ["compile", "validate", "cache"] {
      let help = try program.run("help", command)
      #expect(help.status == 0 && help.output.contains(command))
      #expect(try program.run(command, "--help").status == 0)
    }
  }

  @Test func aDeprecatedOptionIsAcceptedAndSaysSo() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let result = try program.run("--enable-pass-params-opt", path)
    #expect(result.status == 3)
    #expect(result.errors.hasPrefix("wasmrun: --enable-pass-params-opt is deprecated: "))
    #expect(try program.run("-q", "--enable-pass-params-opt", path).errors == "")
  }

  @Test func theBaselineCompilerMakesTheCode() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(5))
    let result = try program.run("-v", "--no-cache", "--compiler=baseline", path)
    #expect(result.status == 5)
    #expect(result.errors.contains("functions by the baseline compiler"))
  }

  /// The baseline compiler validates each body itself; what is wrong ends as with LLVM.
  @Test func aWrongBodyIsRefusedByTheBaselineCompiler() throws {
    let program = try WasmrunProgram()
    var builder = WasmBuilder()
    _ = builder.function([], [], export: "_start", .i32(1))
    let path = try program.add("wrong.wasm", builder.build())
    let result = try program.run("--no-cache", "--compiler=baseline", path)
    #expect(result.status == 126)
    #expect(result.errors.contains("type mismatch"))
  }

  @Test func aReaderWhoGoesAwayEndsTheGuest() throws {
    let program = try WasmrunProgram()
    let path = try program.add("endless.wasm", TestModules.writing("y\n", endlessly: true))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let script = "'\(WasmrunProgram.path)' --no-cache '\(path)'; echo status $? >&2"
    shell.environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": WasmrunProgram.noBacktraces]
    shell.arguments = ["-c", "(\(script)) 2>'\(program.folder.path)/status' | head -n 1"]
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    // SIGPIPE is 13.
    #expect(try program.folder.contents(of: "status").contains("status 141"))
  }

  /// Loading it would cost every start ten milliseconds.
  @Test func theRunnerDoesNotLoadLLVM() throws {
    let listing = Pipe()
    let ldd = Process()
    ldd.executableURL = URL(fileURLWithPath: "/usr/bin/ldd")
    ldd.arguments = [WasmrunProgram.path]
    ldd.standardOutput = listing
    try ldd.run()
    let libraries = String(
      decoding: listing.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    ldd.waitUntilExit()
    #expect(libraries.contains("libc.so"))
    #expect(!libraries.contains("LLVM"))
  }

  @Test func modulesAreValidated() throws {
    let program = try WasmrunProgram()
    let valid = try program.add("valid.wasm", TestModules.library)
    let invalid = try program.add("invalid.wasm", TestModules.invalid)
    #expect(try program.run("validate", valid) == RunResult(status: 0, output: "", errors: ""))
    let result = try program.run("validate", valid, invalid, "/nowhere")
    #expect(result.status == 126)
    #expect(result.errors.contains("type mismatch"))
    #expect(result.errors.contains("/nowhere"))
    #expect(program.entries.isEmpty)
  }
}
