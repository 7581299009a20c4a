// All functions are there, under their names and types.

import CompilerInterface
import Testing
import WASI
import WasmModule

@Suite struct FunctionTableTests {
  @Test func preview1HasItsFortySixFunctions() throws {
    let context = try WASIContext(WASIConfiguration())
    let functions = context.functions(module: "wasi_snapshot_preview1")
    #expect(functions.count == 46)
    #expect(Set(functions.map(\.name)).count == 46)
    #expect(functions.allSatisfy { $0.module == "wasi_snapshot_preview1" })
    for function in functions {
      let alone = context.function(named: function.name, module: "wasi_snapshot_preview1")
      #expect(alone?.type == function.type)
    }
    #expect(context.functions(module: "wasi_unstable").count == 45)
    #expect(context.function(named: "sock_accept", module: "wasi_unstable") == nil)
    #expect(context.function(named: "fd_write", module: "env") == nil)
    #expect(context.function(named: "fd_writ", module: "wasi_unstable") == nil)
    #expect(context.functions(module: "env").isEmpty)
  }

  @Test(arguments: [
    ("proc_exit", "[i32] -> []"),
    ("sched_yield", "[] -> [i32]"),
    ("fd_seek", "[i32 i64 i32 i32] -> [i32]"),
    ("fd_readdir", "[i32 i32 i32 i64 i32] -> [i32]"),
    ("path_open", "[i32 i32 i32 i32 i32 i64 i64 i32 i32] -> [i32]"),
    ("path_filestat_set_times", "[i32 i32 i32 i32 i64 i64 i32] -> [i32]"),
    ("poll_oneoff", "[i32 i32 i32 i32] -> [i32]"),
  ])
  func typesAreThoseOfTheInterface(_ name: String, _ type: String) throws {
    let context = try WASIContext(WASIConfiguration())
    let function = context.function(named: name, module: "wasi_snapshot_preview1")
    #expect(function?.type.description == type)
  }
}
