// Packages, run as a user would.

import Foundation
import PackageManifest
import ProgramRunner
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramPackageTests {
  private static let packages = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/packages").path

  /// The test's copy of a package: tests may change it.
  private func copy(_ name: String, into program: WasmrunProgram) throws -> String {
    let path = program.folder.path + "/" + name
    try FileManager.default.copyItem(atPath: Self.packages + "/" + name, toPath: path)
    return path
  }

  private func run(
    _ program: WasmrunProgram, _ arguments: [String], environment: [String: String?] = [:]
  ) throws -> RunResult {
    let process = try program.start(
      ["--compiler", "baseline"] + arguments, tag: "run", environment: environment)
    return try program.finish(process, tag: "run")
  }

  // MARK: Packages as they are seen in the wild.

  @Test func theOnlyCommandRunsByItself() throws {
    let program = try WasmrunProgram()
    let path = try copy("single", into: program)
    let expected = RunResult(status: 0, output: "world\none\n--two\n", errors: "")
    for place in [path, path + "/", path + "/wasmer.toml"] {
      #expect(try run(program, [place, "--", "one", "--two"]) == expected, "\(place)")
    }
    #expect(try run(program, ["--command", "world", path, "one", "--two"]) == expected)
  }

  @Test func theEntrypointRunsAndCommandsAreChosen() throws {
    let program = try WasmrunProgram()
    let path = try copy("several", into: program)
    #expect(
      try run(program, ["--env", "TONE=cold", "--env", "MORE=1", path, "end"])
        == RunResult(
          status: 0, output: "greeter\nhello\ndear reader\nend\nTONE=cold\nLANG=C\nMORE=1\n",
          errors: ""))
    #expect(try run(program, ["--command", "leave", path]).output == "leave\nbye\n")
    #expect(try run(program, ["--argv0", "me", "--command=leave", path]).output == "me\nbye\n")
    let result = try run(program, ["--command", "sing", path])
    #expect(result.status == 64)
    #expect(
      result.errors == """
        wasmrun: cannot run the package '\(path)': it has no command 'sing'
        hint: its commands are greet, leave

        """)
  }

  @Test func foldersAreGrantedToReadUnlessTheUserSaysOtherwise() throws {
    let program = try WasmrunProgram()
    let path = try copy("mounts", into: program)
    let readOnly: Int32 = 69  // WASI's errno rofs.
    #expect(
      try run(program, ["--command", "read", path])
        == RunResult(status: readOnly, output: "hello from the package\n", errors: ""))
    #expect(!FileManager.default.fileExists(atPath: path + "/data/new.txt"))
    #expect(
      try run(program, ["--dir", path + "/data::/data", "--command", "read", path])
        == RunResult(status: 0, output: "hello from the package\n", errors: ""))
    #expect(FileManager.default.fileExists(atPath: path + "/data/new.txt"))
    #expect(
      try run(program, ["--command", "inside", path]).output
        == "inside\nPWD=/srv/site/pages\n/data\n/srv/site\n.\n")
  }

  @Test func relativePathsBeginInTheWorkingFolder() throws {
    let program = try WasmrunProgram()
    let path = try copy("mounts", into: program)
    // Its first folder is then the one that it works in.
    let manifest = try String(contentsOfFile: path + "/wasmer.toml", encoding: .utf8)
      .replacingOccurrences(of: "\"/data\" = \"data\"\n", with: "")
    try manifest.write(toFile: path + "/wasmer.toml", atomically: true, encoding: .utf8)
    let result = try run(program, ["--command", "inside", path])
    #expect(result.output == "inside\nPWD=/srv/site/pages\n/srv/site\n.\n")
    let homeless = manifest.replacingOccurrences(of: "cwd = \"/srv", with: "cwd = \"/var")
    try homeless.write(toFile: path + "/wasmer.toml", atomically: true, encoding: .utf8)
    let refused = try run(program, ["--command", "inside", path])
    #expect(refused.status == 126)
    #expect(refused.errors.contains("cannot begin in the folder '/var/site/pages'"))
  }

  @Test func linksOutOfThePackageAreRefused() throws {
    let program = try WasmrunProgram()
    let path = try copy("mounts", into: program)
    try FileManager.default.removeItem(atPath: path + "/data")
    try FileManager.default.createSymbolicLink(
      atPath: path + "/data", withDestinationPath: "../outside")
    try FileManager.default.createDirectory(
      atPath: program.folder.path + "/outside", withIntermediateDirectories: false)
    let result = try run(program, ["--command", "inside", path])
    #expect(result.status == 126)
    #expect(
      result.errors.contains(
        "wasmer.toml:8:11: 'data' leads out of the package, by a symbolic link"))
  }

  @Test func annotationsStandInAFile() throws {
    let program = try WasmrunProgram()
    let path = try copy("annotations-file", into: program)
    #expect(try run(program, [path]).output == "world\n--mode\nfile\nFROM=json\n")
  }

  @Test func bothShapesOfCommandsRun() throws {
    let program = try WasmrunProgram()
    _ = try copy("library", into: program)
    let path = try copy("both-shapes", into: program)
    #expect(try run(program, ["--command", "old", path, "y"]).output == "old\n-x\n--level\n3\ny\n")
    #expect(try run(program, ["--command", "new", path]).output == "new\n")
    #expect(try run(program, ["--command", "borrowed", path]).output == "borrowed\nborrowed\n")
    #expect(try run(program, ["--command", "borrowed-old", path]).output == "borrowed-old\n")
    for (name, why) in [
      ("remote", "comes from a registry"), ("web", "its runner is 'wcgi'"),
    ] {
      let result = try run(program, ["--command", name, path])
      #expect(result.status == 126)
      #expect(result.errors.contains(why), "\(result.errors)")
    }
    let several = try run(program, [path])
    #expect(several.status == 64)
    #expect(several.errors.contains("--command chooses one of old, new, borrowed"))
  }

  @Test func whatIsNoPackageIsToldSo() throws {
    let program = try WasmrunProgram()
    let folder = program.folder.path
    let result = try program.run(folder)
    #expect(result.status == 126)
    #expect(
      result.errors == """
        wasmrun: '\(folder)' is not runnable: it is a directory without a manifest, wasmer.toml
        hint: a directory is run as a package

        """)
    #expect(try program.run(folder + "/wasmer.toml").status == 127)
    #expect(try program.run("package", "check", folder + "/missing").status == 127)
    let module = try program.add("exit.wasm", TestModules.exiting(0))
    #expect(try program.run("--command", "x", module).status == 64)
  }

  // MARK: Options about code.

  @Test func theManifestChoosesOptions() throws {
    let program = try WasmrunProgram()
    let path = try copy("several", into: program)
    let notes = try run(program, ["-v", path]).errors
    #expect(notes.contains("option compiler = baseline (the command line)"))
    #expect(notes.contains("option pass_params = false (\(path)/wasmer.toml:14:15)"))
    #expect(notes.contains("option opt_level = 1 (\(path)/wasmer.toml:15:13)"))
    let environment = try run(
      program, ["-v", path], environment: ["WASMRUN_PASS_PARAMS": "true"]
    ).errors
    #expect(environment.contains("option pass_params = true (WASMRUN_PASS_PARAMS)"))
    let flag = try run(
      program, ["-v", "--disable-pass-params-opt", "--opt-level", "3", path],
      environment: ["WASMRUN_PASS_PARAMS": "true"]
    ).errors
    #expect(flag.contains("option pass_params = false (the command line)"))
    #expect(flag.contains("option opt_level = 3 (the command line)"))
    let wrong = try run(program, [path], environment: ["WASMRUN_OPT_LEVEL": "9"])
    #expect(wrong.status == 64)
  }

  /// Each option, wherever it is said, has code of its own in the cache; the same option said
  /// elsewhere has the same.
  @Test func everyOptionHasItsOwnCode() throws {
    let program = try WasmrunProgram()
    let path = try copy("single", into: program)
    let module = path + "/world.wat"
    func entries(_ arguments: [String], _ environment: [String: String?] = [:]) throws -> Int {
      let process = try program.start(
        ["compile"] + arguments, tag: "run", environment: environment)
      #expect(try program.finish(process, tag: "run").status == 0)
      return program.entries.count
    }
    #expect(try entries(["--compiler=baseline", module]) == 1)
    #expect(try entries(["--compiler=baseline", "--disable-pass-params-opt", module]) == 2)
    #expect(try entries(["--compiler=baseline", module], ["WASMRUN_PASS_PARAMS": "false"]) == 2)
    #expect(try entries([module], ["WASMRUN_COMPILER": "baseline"]) == 2)
    #expect(try entries(["--compiler=llvm", module]) == 3)
    #expect(try entries(["--compiler=llvm", "--opt-level=1", module]) == 4)
    let options = "[module.annotations.suggested_compiler_optimizations]\n"
    func suggest(_ text: String) throws {
      let original = try String(
        contentsOfFile: Self.packages + "/single/wasmer.toml", encoding: .utf8)
      try original.replacingOccurrences(
        of: "[module.interfaces]\nwasi = \"0.1.0-unstable\"\n", with: options + text
      ).write(toFile: path + "/wasmer.toml", atomically: true, encoding: .utf8)
    }
    try suggest("compiler = \"baseline\"\npass_params = false\n")
    #expect(try entries([path]) == 4)
    try suggest("compiler = \"baseline\"\npass_params = true\n")
    #expect(try entries([path]) == 4)
    try suggest("compiler = \"llvm\"\nopt_level = 1\n")
    #expect(try entries([path]) == 4)
    try suggest("compiler = \"llvm\"\nopt_level = 3\n")
    #expect(try entries([path]) == 5)
  }

  @Test func theDeprecatedOptionIsTold() throws {
    let program = try WasmrunProgram()
    let path = try copy("single", into: program)
    let result = try run(program, ["--enable-pass-params-opt", path])
    #expect(result.status == 0)
    #expect(result.errors.hasPrefix("wasmrun: --enable-pass-params-opt is deprecated"))
  }

  @Test func compilersHaveTheirNamesInManifests() {
    #expect(Set(CodegenSuggestions.compilers) == Set(CompilerStrategy.allCases.map(\.rawValue)))
  }

  // MARK: Commands about packages.

  @Test func packagesAreCheckedCompiledAndShown() throws {
    let program = try WasmrunProgram()
    let path = try copy("several", into: program)
    #expect(
      try program.run("package", "check", path) == RunResult(status: 0, output: "", errors: ""))
    #expect(try program.run("validate", path).status == 0)
    #expect(try program.run("compile", "--compiler=baseline", path).status == 0)
    #expect(program.entries.count == 1)
    #expect(try run(program, ["-v", path]).errors.contains("found code in the cache"))
    let shown = try program.run("package", "show", "--opt-level=2", path).output
    #expect(shown.contains("command greet (the one that runs by itself)\n"))
    #expect(shown.contains("option: opt_level = 2 (the command line)\n"))
    let json = try program.run("package", "show", "--json", path).output
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(object["v"] as? Int == 1)
    #expect(
      (object["commands"] as? [[String: Any]])?.map { $0["name"] as? String } == [
        "greet", "leave",
      ])
  }

  @Test func problemsAreTold() throws {
    let program = try WasmrunProgram()
    let path = try copy("malformed", into: program)
    let check = try program.run("package", "check", path + "/module-unknown-key.toml")
    #expect(
      check
        == RunResult(
          status: 0, output: "",
          errors: """
            wasmrun: \(path)/module-unknown-key.toml:3:1: warning: unknown key 'sorce' in [[module]]
            hint: did you mean 'source'?

            """))
    #expect(try program.run("package", "check", path + "/command-twice.toml").status == 1)
    #expect(try program.run(path + "/command-twice.toml").status == 126)
    #expect(try program.run("package", "check", path).status == 126)
  }
}
