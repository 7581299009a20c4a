// Answers and records that cannot be written: that is told, and the status says so.

import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite(.needsProgram) struct ProgramFullDiskTests {
  private static let add = """
    (module (func (export "add") (param i32 i32) (result i32)
      (i32.add (local.get 0) (local.get 1))))
    """

  @Test(arguments: [
    "--help", "help", "--version", "help compile", "compile --help", "inspect M",
    "inspect --json M",
    "--compiler=baseline --invoke add M 1 2", "--no-cache --tier-up=never --invoke add M 1 2",
    "cache list", "cache list --json", "cache info", "cache path", "cache path --json",
    "cache verify", "cache prune", "cache clear", "config show", "sandbox explain",
  ])
  func anAnswerThatIsLostIsAnError(command: String) throws {
    let program = try WasmrunProgram()
    try program.folder.write("add.wat", Self.add)
    _ = try program.run("compile", "--compiler=baseline", program.folder.path + "/add.wat")
    let words = command.replacingOccurrences(of: "M", with: "add.wat")
    let child = try ChildProcess(
      path: "/bin/sh",
      arguments: [
        "-c",
        """
        cd '\(program.folder.path)'; XDG_CACHE_HOME=$PWD/cache '\(WasmrunProgram.path)' \(words) \
          >/dev/full 2>errors
        """,
      ], descriptors: [])
    #expect(try child.wait() == .exited(125))
    #expect(
      try program.folder.contents(of: "errors")
        == "wasmrun: cannot write to standard output: No space left on device\n")
  }

  /// The run itself is not to blame: its status stays.
  @Test(arguments: ["--compiler=baseline", "--no-cache"])
  func aRecordThatIsLostIsTold(option: String) throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wasm", TestModules.exiting(3))
    #expect(
      try program.run(option, "--report=/dev/full", path)
        == RunResult(
          status: 3, output: "",
          errors: "wasmrun: cannot write the report '/dev/full': No space left on device\n"))
  }
}
