// Modules in the text format, run as a user would.

import Foundation
import Testing

@Suite(.needsProgram) struct ProgramTextTests {
  private static let exiting = """
    (module
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 0)
      (func (export "_start") (call $exit (i32.const 7))))
    """

  @Test func textRunsAsItsModuleDoes() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wat", Array(Self.exiting.utf8))
    let expected = RunResult(status: 7, output: "", errors: "")
    #expect(try program.run(path) == expected)
    #expect(try program.run(path) == expected)
    #expect(try program.run("validate", path).status == 0)
  }

  @Test func textIsReadFromStandardInput() throws {
    let program = try WasmrunProgram()
    #expect(try program.run("-", input: ";; hello\n" + Self.exiting).status == 7)
  }

  @Test func theTranslatedModuleIsWhatTheCacheKnows() throws {
    let program = try WasmrunProgram()
    let path = try program.add("exit.wat", Array(Self.exiting.utf8))
    #expect(try program.run("compile", path).status == 0)
    #expect(program.entries.count == 1)
    let commented = try program.add("other.wat", Array((Self.exiting + " ;; the same").utf8))
    #expect(try program.run("-v", commented).errors.contains("found code in the cache"))
    #expect(program.entries.count == 1)
  }

  @Test func wrongTextIsToldWithItsPlace() throws {
    let program = try WasmrunProgram()
    let path = try program.add("wrong.wat", Array("(module\n  (func i32.ad))\n".utf8))
    for arguments in [["run", path], ["compile", path], ["validate", path]] {
      let process = try program.start(arguments, tag: "wrong")
      let result = try program.finish(process, tag: "wrong")
      #expect(result.status == 126)
      #expect(
        result.errors == """
          wasmrun: \(path):2:9: unknown instruction 'i32.ad'
          hint: did you mean 'i32.add'?

          """)
    }
  }

  @Test func backtracesHaveTheIdentifiers() throws {
    let program = try WasmrunProgram()
    let path = try program.add(
      "trap.wat",
      Array("(func $outer (export \"_start\") unreachable)(memory (export \"memory\") 0)".utf8))
    let result = try program.run(path)
    #expect(result.status == 134)
    #expect(result.errors.contains("0: outer"))
  }
}
