// Whole modules: every option and any number of threads, errors, and objects that are damaged.

import CompilerInterface
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct CompilationTests {
  /// Enough functions for several units; the export `run` calls the first of them.
  private func largeModule() -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let step =
      Code.local(0) + .i32(3) + Code(.i32Mul) + .local(0) + Code(.i32Load, 2, 8) + Code(.i32Add)
      + Code(.localSet, 0)
    let body = (0..<200).reduce(Code()) { code, _ in code + step } + .local(0)
    for _ in 0..<100 { _ = builder.function([.i32], [.i32], body) }
    _ = builder.function([.i32], [.i32], export: "run", .local(0) + Code(.call, 0))
    return builder
  }

  @Test func threadsMakeTheSameImage() throws {
    let program = try TestProgram(largeModule())
    #expect(Unit.partition(program.program).count > 2)
    #expect(
      try program.compile(threadCount: 1).encoded() == program.compile(threadCount: 3).encoded())
  }

  @Test(arguments: [1, 2, 3], [true, false]) func options(level: Int, passParameters: Bool) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.function(
      [.i32], [.i32], locals: [.i32, .i32], export: "run",
      // The sum of i*i below the parameter, through memory.
      .structured(
        .loop, nil,
        .local(1) + .i32(4) + Code(.i32Mul) + .local(1) + .local(1) + Code(.i32Mul)
          + Code(.i32Store, 2, 0) + .local(2) + .local(1) + .i32(4) + Code(.i32Mul)
          + Code(.i32Load, 2, 0) + Code(.i32Add) + Code(.localSet, 2) + .local(1) + .i32(1)
          + Code(.i32Add) + Code(.localTee, 1) + .local(0) + Code(.i32LtU) + Code(.brIf, 0))
        + .local(2))
    var options = CodegenOptions()
    options.optimizationLevel = level
    options.passParameters = passParameters
    let program = try TestProgram(builder, options: options)
    #expect(try program.call("run", .i32(100)) == [.i32(328_350)])
  }

  @Test func functionsAreCounted() throws {
    let program = try TestProgram(largeModule())
    let reports = Reports()
    _ = try LLVMCompiler.compile(
      program.program.module, bytes: program.program.bytes, options: CodegenOptions(),
      threadCount: 2
    ) { reports.add($0.done, $0.total) }
    #expect(reports.done.last == 101)
    #expect(reports.done == reports.done.sorted())
    #expect(reports.totals.allSatisfy { $0 == 101 })
  }

  /// Demoting a promoted float is no no-op either: the NaN must be quiet.
  @Test func demotedPromotion() throws {
    var builder = WasmBuilder()
    _ = builder.function(
      [.f32], [.f32], locals: [.f64], export: "run",
      .local(0) + Code(.f64PromoteF32) + Code(.localSet, 1) + .local(1) + Code(.f64Neg)
        + Code(.f32DemoteF64))
    let signalling: UInt32 = 0x7F80_0001
    let result = try TestProgram(builder).call("run", .f32(bits: signalling))
    #expect(result == [.f32(bits: 0xFFC0_0001)])
  }

  @Test func noRelocationIsLeftToHelpers() throws {
    // A conversion that LLVM would call a library for, had the machine no instruction.
    var builder = WasmBuilder()
    _ = builder.function(
      [.f64], [.f64], export: "run", .local(0) + Code(.f64Nearest) + Code(.f64Ceil))
    #expect(
      try TestProgram(builder).call("run", .f64(bits: (2.5).bitPattern)) == [
        .f64(bits: (2.0).bitPattern)
      ])
  }

  // MARK: Objects.

  @Test func damagedObjectsAreRefused() throws {
    #expect(throws: CompilationError.self) { try read([]) }
    #expect(throws: CompilationError.self) { try read(Array(repeating: 0, count: 64)) }
    var header = [UInt8](repeating: 0, count: 64)
    header.replaceSubrange(0..<5, with: [0x7F, 0x45, 0x4C, 0x46, 2])
    header[18] = 62
    // Section headers beyond the end.
    header[0x28] = 64
    header[0x3A] = 64
    header[0x3C] = 3
    #expect(throws: CompilationError.self) { try read(header) }
  }

  private func read(_ bytes: [UInt8]) throws -> LinkableObject {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    return try ELFObject.read(UnsafeRawBufferPointer(buffer), inlinings: [:])
  }
}

/// What a compilation reported; the compiler calls from one thread at a time.
private final class Reports: @unchecked Sendable {
  private(set) var done: [Int] = []
  private(set) var totals: [Int] = []

  func add(_ done: Int, _ total: Int) {
    self.done.append(done)
    totals.append(total)
  }
}
