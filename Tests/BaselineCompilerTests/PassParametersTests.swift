// Pass-params: what it changes in the code, and that nothing goes wrong with any mixture of options,
// compilers and memories.

import BaselineCompiler
import CompilerInterface
import LLVMCompiler
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct PassParametersTests {
  /// A compiler with an option; every pair of them is tried.
  struct Way: CustomTestStringConvertible, Sendable {
    let compiler: TestedCompiler
    let passes: Bool
    var options: CodegenOptions {
      var options = CodegenOptions.plain
      options.passParameters = passes
      return options
    }
    var testDescription: String { "\(compiler), pass_params = \(passes)" }

    static let all = TestedCompiler.allCases.flatMap { compiler in
      [true, false].map { Way(compiler: compiler, passes: $0) }
    }
  }

  private func image(_ builder: WasmBuilder, _ way: Way) throws -> CodeImageContents {
    let bytes = StableBytes(builder.build())
    let module = try Module.decode(bytes.buffer)
    switch way.compiler {
    case .baseline:
      return try BaselineCompiler.compile(
        module, bytes: bytes.buffer, options: way.options, threadCount: 1)
    case .llvm:
      return try LLVMCompiler.compile(
        module, bytes: bytes.buffer, options: way.options, threadCount: 1, progress: { _ in })
    }
  }

  // MARK: The code.

  /// A function that loads from memory, and one that calls a host function.
  private static func loading() -> WasmBuilder {
    var builder = WasmBuilder()
    let host = builder.importFunction("host", "see", [.i32], [])
    _ = builder.memory(Limits(minimum: 1), export: "memory")
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 2, 0))
    _ = builder.function([.i32], [], export: "tell", .local(0) + Code(.call, Int(host)))
    return builder
  }

  /// `mov r13, [r12]`, by which a table entry finds the base for its body.
  private static let entry: [UInt8] = [0x4D, 0x8B, 0x2C, 0x24]

  /// With the option a body uses r13, and only its table entry loads that; without it there is no
  /// such entry, and the body loads the base itself: a load of 8 bytes from [r12].
  @Test(.enabled(if: AssemblyListing.isPossible), arguments: TestedCompiler.allCases)
  func theBodyLoadsTheBaseOnlyWithoutTheOption(compiler: TestedCompiler) throws {
    for passes in [true, false] {
      let image = try image(Self.loading(), Way(compiler: compiler, passes: passes))
      let function = image.functions[0]
      let start = Int(function.body)
      let body = Array(image.text[start..<(start + Int(function.byteCount))])
      let listing = try AssemblyListing.disassembled(body)
      let loadsBase = listing.contains { $0.hasPrefix("mov r") && $0.hasSuffix("qword ptr [r12]") }
      #expect(loadsBase == !passes, "\(listing)")
      if passes { #expect(listing.contains { $0.contains("[r13") }, "\(listing)") }
      let entryStart = Int(function.tableEntry)
      #expect((entryStart != start) == passes)
      if passes { #expect(Array(image.text[entryStart..<(entryStart + 4)]) == Self.entry) }
    }
  }

  /// What calls the host is the same, instruction for instruction: it takes no notice of the option,
  /// and so has no base to hand on.
  @Test(.enabled(if: AssemblyListing.isPossible), arguments: TestedCompiler.allCases)
  func hostFunctionsNeverReceiveTheBase(compiler: TestedCompiler) throws {
    let thunks = try [true, false].map { passes in
      let image = try image(Self.loading(), Way(compiler: compiler, passes: passes))
      let offset = Int(try #require(image.hostThunks.compactMap { $0 }.first))
      let listing = try AssemblyListing.disassembled(
        Array(image.text[offset..<min(offset + 512, image.text.count)]))
      return Array(listing.prefix { !$0.hasPrefix("ret") })
    }
    #expect(thunks[0].count > 5)
    #expect(thunks[0] == thunks[1])
  }
}

/// What the host saw: set by the host function, read by the test.
private final class Seen {
  var values: [UInt64] = []
}

extension PassParametersTests {
  // MARK: Calls.

  /// An instance with a memory that holds its number at 0, and a function that reads it.
  private func numbered(_ number: Int32, _ way: Way, _ linker: Linker) throws -> Instance {
    var builder = WasmBuilder()
    let see = builder.importFunction("host", "see", [.i32], [])
    _ = builder.memory(Limits(minimum: 1), export: "memory")
    _ = builder.data(withUnsafeBytes(of: number) { Array($0) }, at: .i32(0))
    _ = builder.function(
      [], [.i32], export: "number",
      .i32(0) + Code(.i32Load, 2, 0) + Code(.call, Int(see)) + .i32(0) + Code(.i32Load, 2, 0))
    return try linker.instantiate(builder, by: way.compiler, options: way.options)
  }

  /// A table that holds functions of two instances with memories of their own, called by a third
  /// one: each reads its own memory, before and after a call to the host, and so does the caller.
  @Test(arguments: Way.all, Way.all)
  func indirectCallsFindTheirMemory(calling: Way, called: Way) throws {
    let store = try Store()
    let linker = Linker(store)
    let seen = Seen()
    store.keepAlive(seen)
    try linker.define([
      HostFunctionDefinition(
        module: "host", name: "see", type: FunctionType(parameters: [.i32], results: []),
        function: { environment, slots in
          Unmanaged<Seen>.fromOpaque(environment!).takeUnretainedValue().values.append(
            slots[0] & 0xFFFF_FFFF)
          return 0
        }, environment: Unmanaged.passUnretained(seen).toOpaque())
    ])
    linker.define("one", try numbered(11, called, linker))
    linker.define("two", try numbered(22, called, linker))
    var builder = WasmBuilder()
    let one = builder.importFunction("one", "number", [], [.i32])
    let two = builder.importFunction("two", "number", [], [.i32])
    let see = builder.importFunction("host", "see", [.i32], [])
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.table(.funcref, Limits(minimum: 4))
    _ = builder.data([33, 0, 0, 0], at: .i32(0))
    let own = builder.function([], [.i32], .i32(0) + Code(.i32Load, 2, 0))
    _ = builder.elements([one, two, own, see], at: .i32(0))
    let type = builder.type([], [.i32])
    let hostType = builder.type([.i32], [])
    _ = builder.function(
      [.i32], [.i32], export: "call",
      .local(0) + Code(.callIndirect, Int(type), 0) + .i32(0) + Code(.i32Load, 2, 0)
        + .i32(100) + Code(.i32Mul) + Code(.i32Add))
    _ = builder.function(
      [], [], export: "host",
      .i32(0) + Code(.i32Load, 2, 0) + .i32(3)
        + Code(.callIndirect, Int(hostType), 0))
    let instance = try linker.instantiate(
      builder, by: calling.compiler, options: calling.options)
    let call = try #require(instance.function("call"))
    for (place, number) in [11, 22, 33, 11].enumerated() {
      let result = try store.invoke(call, [.i32(UInt32(place % 3))])
      #expect(result == [.i32(UInt32(3_300 + number))])
    }
    _ = try store.invoke(try #require(instance.function("host")), [])
    #expect(seen.values == [11, 22, 11, 33])
  }

  /// A mutable global that lives in the first of three instances, imported by way of the second: what
  /// any of them writes is what all of them read, whoever compiled them.
  @Test(arguments: Way.all, Way.all)
  func globalsAreSharedThreeDeep(first: Way, others: Way) throws {
    let store = try Store()
    let linker = Linker(store)
    var instances: [Instance] = []
    for depth in 0..<3 {
      var builder = WasmBuilder()
      let type = GlobalType(value: .i64, isMutable: true)
      if depth > 0 {
        let global = builder.importGlobal("\(depth - 1)", "counter", type)
        builder.export("counter", .global, global)
      } else {
        _ = builder.global(.i64, isMutable: true, .i64(5), export: "counter")
      }
      let inner =
        depth > 0
        ? Code(.call, Int(builder.importFunction("\(depth - 1)", "double", [], []))) : Code(.nop)
      _ = builder.function(
        [], [], export: "double",
        Code(.globalGet, 0) + .i64(2) + Code(.i64Mul) + Code(.globalSet, 0) + inner
          + Code(.globalGet, 0) + .i64(1) + Code(.i64Add) + Code(.globalSet, 0))
      let way = depth == 0 ? first : others
      let instance = try linker.instantiate(builder, by: way.compiler, options: way.options)
      linker.define("\(depth)", instance)
      instances.append(instance)
    }
    _ = try store.invoke(try #require(instances[2].function("double")), [])
    // 5 doubled three times, and one added three times afterwards.
    for instance in instances { #expect(instance.global("counter")?.value == .i64(43)) }
    instances[1].global("counter")?.value = .i64(1)
    #expect(instances[0].global("counter")?.value == .i64(1))
  }
}
