// Looking at modules, records of runs, suggestions, colour, and the configuration: the built program.

import Foundation
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramReportTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  // MARK: inspect.

  @Test func aModuleIsShown() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let result = try program.run("inspect", path)
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.output.hasPrefix("\(path): module, "))
    #expect(result.output.contains("features: none\n"))
    #expect(result.output.contains("  wasi_snapshot_preview1.proc_exit: function [i32] -> []\n"))
    #expect(result.output.contains("  _start: function [] -> []\n"))
    #expect(result.output.contains("  code: "))
  }

  @Test func featuresAndMemoriesAreFound() throws {
    let program = try WasmrunProgram()
    try program.folder.write(
      "m.wat",
      """
      (module (memory 1 2) (memory i64 3)
        (func (export "f") (param i32) (result i32 i32)
          (i32.extend8_s (local.get 0))
          (i32.trunc_sat_f32_s (f32.const 1)))
        (func (drop (v128.const i64x2 0 0)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))
          (return_call 1)))
      """)
    let result = try program.run("inspect", "--json", program.folder.path + "/m.wat")
    let module = try object(result.output)
    #expect(
      module["features"] as? [String] == [
        "bulk-memory", "memory64", "multi-memory", "multi-value", "nontrapping-fptoint",
        "sign-extension", "simd", "tail-call",
      ])
    let memories = try #require(module["memories"] as? [[String: Any]])
    #expect(memories.map { $0["minimum"] as? Int } == [1, 3])
    #expect(memories.map { $0["maximum"] as? Int } == [2, nil])
    #expect(memories.map { $0["is64Bit"] as? Bool } == [false, true])
    let sections = try #require(module["sections"] as? [[String: Any]])
    #expect(
      sections.compactMap { $0["name"] as? String } == [
        "type", "function", "memory", "export", "code",
      ])
    #expect(sections.first?["offset"] as? Int == 8)
  }

  @Test func whatIsNoModuleIsNotShown() throws {
    let program = try WasmrunProgram()
    let path = try program.add("none.wasm", Array("no module".utf8))
    let result = try program.run("inspect", path)
    #expect(result.status == 126)
    #expect(result.output == "")
  }

  // MARK: --report.

  @Test func aRecordTellsOfAnExit() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let file = program.folder.path + "/record"
    for isCached in [false, true] {
      #expect(
        try program.run("--compiler=baseline", "--report", file, path)
          == RunResult(status: 3, output: "", errors: ""))
      let record = try object(try program.folder.contents(of: "record"))
      #expect(record["v"] as? Int == 1)
      #expect(record["outcome"] as? String == "exited")
      #expect(record["status"] as? Int == 3)
      #expect(record["module"] as? String == path)
      let code = try #require(record["code"] as? [String: Any])
      #expect(code["compiler"] as? String == "baseline")
      #expect(code["cached"] as? Bool == isCached)
      let times = try #require(record["nanoseconds"] as? [String: Int])
      #expect(try #require(times["ready"]) > 0)
      #expect(try #require(times["total"]) >= #require(times["ready"]))
    }
  }

  @Test func aRecordTellsOfATrap() throws {
    let program = try WasmrunProgram()
    let path = try program.add("trap.wasm", TestModules.trapping())
    let result = try program.run("--compiler=baseline", "--report", "json", path)
    #expect(result.status == 134)
    let line = try #require(result.errors.split(separator: "\n").last)
    let record = try object(String(line))
    #expect(record["outcome"] as? String == "trapped")
    #expect(record["status"] as? Int == 134)
    let trap = try #require(record["trap"] as? [String: Any])
    #expect(trap["kind"] as? String == "unreachable")
    let frames = try #require(trap["backtrace"] as? [[String: Any]])
    #expect(frames.first?["function"] as? String == #"enter\u{1b}[m"#)
    // A terminal is not steered by it, either.
    #expect(!line.contains("\u{1B}"))
  }

  @Test func aRecordTellsWhyNothingRan() throws {
    let program = try WasmrunProgram()
    let result = try program.run("--report=json", program.folder.path + "/none.wasm")
    #expect(result.status == 127)
    let record = try object(String(try #require(result.errors.split(separator: "\n").last)))
    #expect(record["outcome"] as? String == "failed")
    #expect(record["status"] as? Int == 127)
    #expect((record["error"] as? [String: Any])?["why"] as? String != nil)
    #expect(record["code"] == nil)
  }

  @Test func aRecordThatCannotBeWrittenIsTold() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let result = try program.run("--report", program.folder.path + "/no/record", path)
    #expect(result.status == 125)
    #expect(result.errors.hasPrefix("wasmrun: cannot write the report '"))
  }

  @Test func aModuleIsNotLostToARecord() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    // The option's value was forgotten.
    let result = try program.run("--report", path, "argument")
    #expect(result.status == 64)
    #expect(
      result.errors.hasPrefix(
        "wasmrun: cannot write the report '\(path)': a WebAssembly module is there\nhint: "))
    #expect(try program.run(path).status == 3)
  }

  // MARK: Suggestions and colour.

  @Test func aVariableThatIsNotSetIsNoted() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let note = "wasmrun: the variable 'WASMRUN_UNSET' is not set here"
    let told = try program.run("-v", "--env", "WASMRUN_UNSET", "--env", "A=", path)
    #expect(told.status == 3)
    #expect(told.errors.components(separatedBy: "is not set here").count == 2)
    #expect(told.errors.contains(note), "\(told.errors)")
    #expect(try program.run("--env", "WASMRUN_UNSET", path).errors == "")
  }

  @Test func whatMayHaveBeenMeantIsTold() throws {
    let program = try WasmrunProgram()
    _ = try program.add("hello.wasm", TestModules.exiting(0))
    let file = try program.run(program.folder.path + "/helo.wasm")
    #expect(file.status == 127)
    #expect(
      file.errors.hasSuffix("hint: did you mean '\(program.folder.path)/hello.wasm'?\n"))
    let command = try program.run("validat")
    #expect(command.status == 127)
    #expect(command.errors.hasSuffix("hint: did you mean the command 'validate'?\n"))
    let behind = try program.run("-v", "validate", "hello.wasm")
    #expect(behind.status == 127)
    #expect(
      behind.errors.hasSuffix("hint: to run the command 'validate', put it before all options\n"))
    let second = try program.run("cache", "lst")
    #expect(second.status == 64)
    #expect(second.errors.hasSuffix("hint: did you mean 'list'?\n"))
    let help = try program.run("help", "compil")
    #expect(
      help
        == RunResult(
          status: 64, output: "",
          errors: "wasmrun: there is no command 'compil'\nhint: did you mean 'compile'?\n"))
    #expect(try program.run("help", "nonsense").status == 64)
    #expect(try program.run("help", "cache", "list").status == 0)
    let nothing = try program.run(program.folder.path + "/something-else")
    #expect(!nothing.errors.contains("did you mean"))
  }

  @Test func messagesHaveColourWhereItIsWanted() throws {
    let program = try WasmrunProgram()
    let plain = try program.run("--color=never", "/none.wasm")
    let colored = try program.run("--color=always", "/none.wasm")
    #expect(!plain.errors.contains("\u{1B}"))
    #expect(colored.errors.hasPrefix("\u{1B}[1;31mwasmrun:\u{1B}[m cannot open"))
    // No terminal is there.
    #expect(try program.run("/none.wasm") == plain)
  }

  // MARK: Configuration.

  @Test func theConfigurationIsReadAndItsPlacesAreTold() throws {
    let program = try WasmrunProgram()
    let home = program.folder.path + "/config"
    try FileManager.default.createDirectory(
      atPath: home + "/wasmrun", withIntermediateDirectories: true)
    let environment = ["XDG_CONFIG_HOME": home]
    let file = "config/wasmrun/config.toml"
    try program.folder.write(file, "opt_level = 3\ncompiler = \"baseline\"\n")
    let shown = try program.run(
      "config", "show", "--origin",
      environment: environment.merging(["WASMRUN_OPT_LEVEL": "1"]) { $1 })
    #expect(
      shown.output == """
        compiler = "baseline"  # \(home)/wasmrun/config.toml:2:12
        pass_params = true  # default
        opt_level = 1  # WASMRUN_OPT_LEVEL
        cache = true  # default

        """)
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let record = program.folder.path + "/record"
    #expect(try program.run("--report", record, path, environment: environment).status == 3)
    #expect(try program.folder.contents(of: "record").contains(#""compiler":"baseline""#))

    try program.folder.write(file, "cache = false\n")
    let before = program.entries
    #expect(
      try program.run("--compiler=baseline", "--opt-level=1", path, environment: environment).status
        == 3)
    #expect(program.entries == before)
  }

  @Test(arguments: [
    ("opt_levle = 1\n", ":1:1: there is no option 'opt_levle'\nhint: did you mean 'opt_level'?\n"),
    ("\nopt_level = 4\n", ":2:13: opt_level is 1, 2 or 3\n"),
    ("cache = \"no\"\n", ":1:9: cache is true or false, not a string\n"),
    ("compiler = \"fast\"\n", ":1:12: compiler is auto, llvm or baseline\n"),
    ("cache =\n", ":1:8: "),
  ])
  func aWrongConfigurationIsTold(text: String, message: String) throws {
    let program = try WasmrunProgram()
    let home = program.folder.path + "/config"
    try FileManager.default.createDirectory(
      atPath: home + "/wasmrun", withIntermediateDirectories: true)
    try program.folder.write("config/wasmrun/config.toml", text)
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    let result = try program.run(path, environment: ["XDG_CONFIG_HOME": home])
    #expect(result.status == 125)
    #expect(result.errors.hasPrefix("wasmrun: \(home)/wasmrun/config.toml\(message)"))
  }

  // MARK: Modules as commands.

  @Test func aModuleThatTheKernelStartsHasAllWordsBehindIt() throws {
    let program = try WasmrunProgram()
    try FileManager.default.createSymbolicLink(
      atPath: program.folder.path + "/wasmrun-binfmt", withDestinationPath: WasmrunProgram.path)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program.folder.path + "/wasmrun-binfmt")
    process.arguments = [
      ShellCompletionTests.top + "/packaging/examples/show.wat", "--", "--help", "-v",
    ]
    process.environment = ["XDG_CACHE_HOME": program.folder.path, "WASMRUN_COMPILER": "baseline"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(
      String(decoding: data, as: UTF8.self).split(separator: "\n").dropFirst()
        == ["--", "--help", "-v"])
  }
}
