// What a call through a table costs: one comparison with the table's length, one with the type.

import BaselineCompiler
import CompilerInterface
import Foundation
import LLVMCompiler
import TestSupport
import Testing
import WasmModule

@Suite(.enabled(if: AssemblyListing.isPossible)) struct IndirectCallCodeTests {
  /// The instructions of the only defined function, in the order of its code.
  private func listing(_ builder: WasmBuilder, _ compiler: TestedCompiler) throws -> [String] {
    let bytes = StableBytes(builder.build())
    let module = try Module.decode(bytes.buffer)
    try module.validate(bytes: bytes.buffer)
    let image =
      switch compiler {
      case .baseline:
        try BaselineCompiler.compile(
          module, bytes: bytes.buffer, options: .plain, threadCount: 1)
      case .llvm:
        try LLVMCompiler.compile(
          module, bytes: bytes.buffer, options: .plain, threadCount: 1, progress: { _ in })
      }
    let body = Int(image.functions[0].body)
    return try AssemblyListing.disassembled(
      image.text[body..<body + Int(image.functions[0].byteCount)])
  }

  @Test(arguments: TestedCompiler.allCases)
  func theTypeIsComparedOnce(_ compiler: TestedCompiler) throws {
    var builder = WasmBuilder()
    let table = builder.table(.funcref, Limits(minimum: 4))
    let type = builder.type([.i64, .f64], [.i64])
    _ = builder.function(
      [.i64, .f64, .i32], [.i64],
      .local(0) + .local(1) + .local(2) + Code(.callIndirect, Int(type), Int(table)))
    let lines = try listing(builder, compiler)
    let call = try #require(lines.firstIndex { $0.hasPrefix("call") }, "\(lines)")
    // All on the way to the call: both branches lead away from it.
    let way = lines[..<call]
    let compares = way.filter { $0.hasPrefix("cmp") || $0.hasPrefix("test") }
    let branches = way.filter { $0.hasPrefix("j") }
    #expect(compares.count == 2, "\(way)")
    #expect(branches.count == 2 && !branches.contains { $0.hasPrefix("jmp") }, "\(way)")
    #expect(compares.count { $0.contains("dword ptr") } == 1, "\(way)")
    // The call itself goes through the element: nothing is looked up in between.
    #expect(!way.contains { $0.hasPrefix("call") })
  }
}
