// Images that say which instruction code is of: both compilers', and what traps tell by them.

import BaselineCompiler
import CompilerInterface
import LLVMCompiler
import Runtime
import TestSupport
import Testing
import WasmModule

struct PositionTests {
  private static var noting: CodegenOptions {
    var options = CodegenOptions.plain
    options.notesPositions = true
    return options
  }

  /// Where the instructions of function `index` are.
  private static func instructions(
    _ index: UInt32, _ module: Module, _ bytes: UnsafeRawBufferPointer
  ) throws -> [Instruction] {
    var declarations = try LocalDeclarations(bytes: bytes, body: module.body(of: index))
    while try declarations.next() != nil {}
    var reader = declarations.instructions
    var found: [Instruction] = []
    while !reader.isAtEnd { found.append(try reader.next()) }
    return found
  }

  private static func contents(
    _ bytes: StableBytes, _ compiler: TestedCompiler, _ options: CodegenOptions
  ) throws -> CodeImageContents {
    let module = try Module.decode(bytes.buffer)
    return switch compiler {
    case .baseline:
      try BaselineCompiler.compile(module, bytes: bytes.buffer, options: options, threadCount: 1)
    case .llvm:
      try LLVMCompiler.compile(
        module, bytes: bytes.buffer, options: options, threadCount: 1, progress: { _ in })
    }
  }

  /// Instructions that trap, with what they need and what takes their result. There are two of each
  /// kind of trap; LLVM makes one of accesses that differ in their operands only.
  private static let traps: [(Opcode, Code)] = [
    (.unreachable, Code(.unreachable)),
    (.unreachable, Code(.unreachable)),
    (.i32DivS, .i32(1) + .local(1) + Code(.i32DivS) + Code(.drop)),
    (.i64RemU, .i64(1) + .local(1) + Code(.i64ExtendI32U) + Code(.i64RemU) + Code(.drop)),
    (.i32Load, .i32(-4) + Code(.i32Load, 2, 65_532) + Code(.drop)),
    (.i64Load, .i32(-4) + Code(.i64Load, 2, 65_532) + Code(.drop)),
    (.memoryFill, .i32(65_000) + .i32(0) + .i32(1_000) + Code(.memoryFill, 0)),
    (.memoryCopy, .i32(65_000) + .i32(0) + .i32(1_000) + Code(.memoryCopy, 0, 0)),
    (.i32TruncF64S, .f64(.nan) + Code(.i32TruncF64S) + Code(.drop)),
    (.i32TruncF64S, .f64(.nan) + Code(.i32TruncF64S) + Code(.drop)),
    (.callIndirect, .local(1) + Code(.callIndirect, 0, 0)),
    (.callIndirect, .local(1) + Code(.callIndirect, 0, 0)),
    (.callIndirect, .i32(9) + Code(.callIndirect, 0, 0)),
  ]

  /// Function 0 has in each of its blocks an instruction that traps; 1 calls it; 2 calls that and is
  /// exported. The first two are too large to be put into their callers.
  private static func trapping() -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.type([], [])
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.table(.funcref, Limits(minimum: 2))
    var filler = Code()
    for _ in 0..<400 { filler = filler + .local(0) + .i32(3) + Code(.i32Mul) + Code(.drop) }
    var body = filler
    for (number, (_, code)) in traps.enumerated() {
      body =
        body + .local(0) + .i32(Int32(number)) + Code(.i32Eq) + Code.structured(.if, nil, code)
    }
    _ = builder.function([.i32, .i32], [], body)
    _ = builder.function([.i32], [], filler + .local(0) + .i32(0) + Code(.call, 0) + filler)
    _ = builder.function([.i32], [], export: "run", .local(0) + Code(.call, 1) + Code(.nop))
    return builder
  }

  @Test(arguments: TestedCompiler.allCases)
  func framesSayWhichInstruction(compiler: TestedCompiler) throws {
    let bytes = StableBytes(Self.trapping().build())
    let module = try Module.decode(bytes.buffer)
    let store = try Store()
    let instance = try Linker(store).instantiate(
      Self.trapping(), by: compiler, options: Self.noting)
    let bodies = try (0..<3).map { try Self.instructions($0, module, bytes.buffer) }
    let trapping = Set(Self.traps.map(\.0))
    let places = bodies[0].filter { trapping.contains($0.opcode) }.map(\.offset)
    let calls = bodies.map { $0.last { $0.opcode == .call }?.offset }
    #expect(places.count == Self.traps.count)
    for (number, place) in places.enumerated() {
      let trap = try #require(try store.trap(instance.function("run"), .i32(UInt32(number))))
      let frames = trap.backtrace.compactMap { entry -> GuestFrame? in
        if case .frame(let frame) = entry { frame } else { nil }
      }
      #expect(frames.map(\.functionIndex) == [0, 1, 2], "\(number)")
      #expect(
        frames.map { $0.wasmOffset.map(Int.init) } == [place, calls[1], calls[2]], "\(number)")
    }
  }

  /// What stands in place of calls has the offsets of the bodies that it was, and all callers.
  @Test func inlinedCodeKeepsItsInstructions() throws {
    var builder = WasmBuilder()
    _ = builder.function([.i32], [.i32], .i32(1) + .local(0) + Code(.i32DivU))
    _ = builder.function(
      [.i32], [.i32],
      .local(0) + Code(.call, 0) + .local(0) + .i32(1) + Code(.i32Sub) + Code(.call, 0)
        + Code(.i32Add))
    _ = builder.function(
      [.i32], [.i32], export: "run",
      .local(0) + Code(.call, 1) + Code(.drop) + .local(0) + Code(.call, 1))
    let bytes = StableBytes(builder.build())
    let module = try Module.decode(bytes.buffer)
    let bodies = try (0..<3).map { try Self.instructions($0, module, bytes.buffer) }
    let calls = bodies.map { $0.filter { $0.opcode == .call }.map(\.offset) }
    let store = try Store()
    let instance = try Linker(store).instantiate(builder, by: .llvm, options: Self.noting)
    for argument in 0..<2 {
      let trap = try #require(
        try store.trap(instance.function("run"), .i32(UInt32(argument))))
      let frames = trap.backtrace.compactMap { entry -> GuestFrame? in
        if case .frame(let frame) = entry { frame } else { nil }
      }
      #expect(frames.map(\.functionIndex) == [0, 1, 2])
      #expect(
        frames.map { $0.wasmOffset.map(Int.init) }
          == [bodies[0][2].offset, calls[1][argument], calls[2][0]])
    }
  }

  /// A program whose instructions do not trap by themselves.
  private static func working() -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let fill = Code.structured(
      .loop, nil,
      .local(0) + .local(1) + Code(.i32Store, 2, 16)
        + .local(0) + .local(0) + Code(.i32Load, 2, 12) + .local(1) + Code(.i32Add)
        + Code(.i32Store, 2, 20)
        + .local(0) + .i32(4) + Code(.i32Add) + Code(.localSet, 0)
        + .local(1) + .i32(1) + Code(.i32Sub) + Code(.localTee, 1) + Code(.brIf, 0))
    _ = builder.function([.i32, .i32], [.i32], fill + .local(0))
    _ = builder.function(
      [.f64, .f64], [.f64],
      .local(0) + .local(1) + Code(.f64Lt)
        + Code.structured(
          .if, .f64,
          .local(0) + Code(.f64Sqrt) + Code(.else) + .local(1) + .f64(2) + Code(.f64Div)))
    _ = builder.function(
      [.i32], [.i32], export: "run",
      .local(0) + .i32(100) + Code(.call, 0) + .i32(8) + Code(.i32Mul))
    return builder
  }

  /// Noting changes no code but that of traps.
  @Test(arguments: TestedCompiler.allCases)
  func theCodeIsTheSame(compiler: TestedCompiler) throws {
    let bytes = StableBytes(Self.working().build())
    let plain = try Self.contents(bytes, compiler, .plain)
    let noting = try Self.contents(bytes, compiler, Self.noting)
    #expect(plain.positions.isEmpty)
    #expect(!noting.positions.isEmpty)
    #expect(plain.text == noting.text)
    #expect(plain.functions == noting.functions)
  }

  /// Each record is of an instruction's beginning, or of none, and none is there twice.
  @Test(arguments: TestedCompiler.allCases)
  func positionsAreThoseOfInstructions(compiler: TestedCompiler) throws {
    for builder in [Self.working(), Self.trapping()] {
      let bytes = StableBytes(builder.build())
      let module = try Module.decode(bytes.buffer)
      var offsets: Set<Int> = [0]
      for index in 0..<3 {
        offsets.formUnion(
          try Self.instructions(UInt32(index), module, bytes.buffer).map(\.offset))
        // A function begins before its first instruction.
        offsets.insert(module.bodies[index].bytes.lowerBound)
      }
      let contents = try Self.contents(bytes, compiler, Self.noting)
      #expect(contents.positions.allSatisfy { offsets.contains(Int($0.wasmOffset)) })
      #expect(
        zip(contents.positions, contents.positions.dropFirst())
          .allSatisfy { $0.codeOffset < $1.codeOffset })
      for function in contents.functions {
        #expect(contents.positions.contains { $0.codeOffset == function.body })
      }
    }
  }
}

extension Store {
  /// The trap that a call ends in; nil where it returns.
  fileprivate func trap(_ function: Function?, _ arguments: Value...) throws -> Trap? {
    let function = try #require(function)
    do throws(InvocationError) {
      _ = try invoke(function, arguments)
      return nil
    } catch {
      guard case .trap(let trap) = error else { throw error }
      return trap
    }
  }
}
