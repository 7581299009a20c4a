// Memory 0's base in GS: that each body finds its own memory, whatever was called, thrown or trapped,
// beside instances whose code reaches theirs in another way.

import BaselineCompiler
import CompilerInterface
import LLVMCompiler
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

@Suite(.serialized, .enabled(if: ProcessorExtensions.available.contains(.fsgsbase)))
struct SegmentBaseTests {
  /// A compiler, and how its code reaches memory 0.
  struct Way: CustomTestStringConvertible, Sendable {
    let compiler: TestedCompiler
    let usesSegment: Bool
    var options: CodegenOptions {
      usesSegment ? .segmentBase : .plain
    }
    var testDescription: String { "\(compiler), by \(usesSegment ? "GS" : "parameter")" }

    static let all = TestedCompiler.allCases.flatMap { compiler in
      [true, false].map { Way(compiler: compiler, usesSegment: $0) }
    }
  }

  let store: Store
  let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  /// Reads the number that an instance's memory holds at 0.
  private static let number = Code.i32(0) + Code(.i32Load, 2, 0)

  /// An instance that is called `name`, with `number` in its memory at 0. It reads it; reads it after it
  /// has jumped to itself by its index; and throws it.
  private func define(_ name: String, _ number: UInt8, _ way: Way) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([number, 0, 0, 0], at: .i32(0))
    let tag = builder.importTag("tags", "tag", [.i32])
    let read = builder.function([], [.i32], export: "read", Self.number)
    _ = builder.function([], [.i32], export: "jump", Code(.returnCall, Int(read)))
    _ = builder.function([], [.i32], export: "throw", Self.number + Code(.throw, Int(tag)))
    linker.define(
      name, try linker.instantiate(builder, by: way.compiler, options: way.options))
  }

  /// Where exceptions get their tag from.
  private func defineTag() throws {
    var builder = WasmBuilder()
    _ = builder.tag([.i32], export: "tag")
    linker.define("tags", try linker.instantiate(builder))
  }

  /// Twice 100 times its own number, read behind `call`, and the result of that.
  private static func around(_ call: Code) -> Code {
    call + number + .i32(100) + Code(.i32Mul) + Code(.i32Add)
  }

  /// Every kind of call to another instance, and jumps there on behalf of a caller in this one.
  @Test(arguments: Way.all, Way.all)
  func callsAcrossInstances(calling: Way, called: Way) throws {
    try defineTag()
    try define("other", 22, called)
    var builder = WasmBuilder()
    let read = builder.importFunction("other", "read", [], [.i32])
    let jump = builder.importFunction("other", "jump", [], [.i32])
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([33, 0, 0, 0], at: .i32(0))
    let type = Int(builder.type([], [.i32]))
    _ = builder.table(.funcref, Limits(minimum: 4))
    let own = builder.function([], [.i32], Self.number)
    _ = builder.elements([read, jump, own], at: .i32(0))
    let calls: [(String, Code)] = [
      ("import", Code(.call, Int(read))),
      ("indirect", .i32(1) + Code(.callIndirect, type, 0)),
      ("reference", Code(.refFunc, Int(read)) + Code(.callRef, type)),
    ]
    let jumps: [(String, Code)] = [
      ("jump to an import", Code(.returnCall, Int(read))),
      ("indirect jump", .i32(1) + Code(.returnCallIndirect, type, 0)),
      ("jump by reference", Code(.refFunc, Int(jump)) + Code(.returnCallRef, type)),
    ]
    for (name, call) in calls { _ = builder.function([], [.i32], export: name, Self.around(call)) }
    for (name, jump) in jumps {
      let jumping = Int(builder.function([], [.i32], jump))
      // By way of one more, which only hands the result on.
      let middle = Int(builder.function([], [.i32], Code(.call, jumping) + Code(.nop)))
      _ = builder.function([], [.i32], export: name, Self.around(Code(.call, jumping)))
      _ = builder.function([], [.i32], export: name + " 2", Self.around(Code(.call, middle)))
    }
    _ = builder.function(
      [], [.i32], export: "own", Self.around(.i32(2) + Code(.callIndirect, type, 0)))
    let instance = try linker.instantiate(
      builder, by: calling.compiler, options: calling.options)
    let running = RunningModule(store: store, instance: instance)
    let names = calls.map(\.0) + jumps.flatMap { [$0.0, $0.0 + " 2"] }
    for name in names { #expect(try running.call(name) == [.i32(3_322)], "\(name)") }
    #expect(try running.call("own") == [.i32(3_333)])
  }

  /// An exception out of another instance is caught in this one, also by way of a function between.
  @Test(arguments: Way.all, Way.all)
  func exceptionsAcrossInstances(calling: Way, called: Way) throws {
    try defineTag()
    try define("other", 22, called)
    var builder = WasmBuilder()
    let thrower = builder.importFunction("other", "throw", [], [.i32])
    let tag = builder.importTag("tags", "tag", [.i32])
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([33, 0, 0, 0], at: .i32(0))
    let middle = builder.function([], [.i32], Code(.call, Int(thrower)) + Code(.nop))
    for (name, callee) in [("catch", thrower), ("catch through", middle)] {
      let attempt = Code.structured(
        .block, .i32,
        .tryTable(
          [CatchClause(.catch, tag: tag, label: 0)], Code(.call, Int(callee)) + Code(.drop)),
        .i32(0))
      _ = builder.function([], [.i32], export: name, Self.around(attempt))
    }
    let instance = try linker.instantiate(
      builder, by: calling.compiler, options: calling.options)
    let running = RunningModule(store: store, instance: instance)
    for name in ["catch", "catch through"] {
      #expect(try running.call(name) == [.i32(3_322)], "\(name)")
    }
  }

  /// A host function that calls another instance comes back to one that has its own memory.
  @Test(arguments: TestedCompiler.allCases) func hostFunctionsMayCallOthers(
    compiler: TestedCompiler
  ) throws {
    let way = Way(compiler: compiler, usesSegment: true)
    try defineTag()
    try define("other", 22, way)
    let nested = Nested(store)
    try linker.define([nested.definition])
    var builder = WasmBuilder()
    let read = builder.importFunction("other", "read", [], [.i32])
    let host = builder.importFunction("host", "call", [], [])
    builder.export("read", .function, read)
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([33, 0, 0, 0], at: .i32(0))
    _ = builder.function([], [.i32], export: "run", Code(.call, Int(host)) + Self.number)
    let instance = try linker.instantiate(builder, by: compiler, options: way.options)
    nested.target = instance.function("read")
    let running = RunningModule(store: store, instance: instance)
    #expect(try running.call("run") == [.i32(33)])
    #expect(nested.results == [.i32(22)])
  }

  // MARK: Traps.

  /// Accesses outside trap as such, by registers, constants and offsets beyond 2 GiB; what is called
  /// afterwards finds its memory.
  @Test(arguments: TestedCompiler.allCases) func accessesOutsideTrap(compiler: TestedCompiler)
    throws
  {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.data([33, 0, 0, 0], at: .i32(0))
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 2, 0))
    _ = builder.function(
      [.i32], [.i32], export: "far", .local(0) + Code(.i32Load, 2, 0xFFFF_FFFC))
    _ = builder.function([.i32], [], export: "store", .local(0) + .i64(5) + Code(.i64Store, 3, 8))
    _ = builder.function([], [.i32], export: "constant", .i32(-4) + Code(.i32Load, 2, 0x7FFF_FFFF))
    _ = builder.function([], [.i32], export: "small", .i32(65_533) + Code(.i32Load, 2, 0))
    _ = builder.function(
      [.i32], [.v128], export: "vector", .local(0) + Code.bytes([0xFD, 0x00, 0x04, 0x00]))
    let instance = try linker.instantiate(builder, by: compiler, options: .segmentBase)
    let running = RunningModule(store: store, instance: instance)
    for address in [65_533, 65_536, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32] {
      for name in ["load", "far", "store", "vector"] {
        #expect(
          try running.trap(name, .i32(address)) == .memoryOutOfBounds, "\(name) \(address)")
      }
      #expect(try running.call("load", .i32(0)) == [.i32(33)])
    }
    #expect(try running.trap("far", .i32(0)) == .memoryOutOfBounds)
    #expect(try running.trap("constant") == .memoryOutOfBounds)
    #expect(try running.trap("small") == .memoryOutOfBounds)
    #expect(try running.call("load", .i32(65_532)) == [.i32(0)])
  }

  // MARK: What LLVM's backend would make of it.

  /// What stands at address 0 is no address of GS, which it is in thread-local storage.
  @Test(arguments: TestedCompiler.allCases) func loadsFromZeroAreNumbers(compiler: TestedCompiler)
    throws
  {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let second = builder.memory(Limits(minimum: 1))
    _ = builder.data([8, 0, 0, 0, 0, 0, 0, 0, 1], at: .i32(0))
    _ = builder.data([0, 0, 0, 0, 0, 0, 0, 0, 2], at: .i32(0), memory: second)
    let memory = Code.bytes([0x28, 0x42, UInt8(second), 0])
    _ = builder.function([], [.i32], export: "second", Self.number + memory)
    _ = builder.function([], [.i32], export: "first", Self.number + Code(.i32Load, 2, 0))
    for level in 1...3 {
      var options = CodegenOptions.segmentBase
      options.optimizationLevel = level
      let instance = try linker.instantiate(builder, by: compiler, options: options)
      let running = RunningModule(store: store, instance: instance)
      #expect(try running.call("second") == [.i32(2)])
      #expect(try running.call("first") == [.i32(1)])
    }
  }

  /// Atomic updates of which only a bit or the sign is used.
  @Test(arguments: TestedCompiler.allCases) func atomicUpdatesOfBits(compiler: TestedCompiler)
    throws
  {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1, maximum: 1, isShared: true))
    let atomicOr = Code.bytes([0xFE, 0x33, 0x02, 0x00])
    let atomicAdd = Code.bytes([0xFE, 0x1E, 0x02, 0x00])
    _ = builder.function(
      [], [.i32], export: "bit",
      .i32(64) + .i32(16) + atomicOr + .i32(16) + Code(.i32And))
    _ = builder.function(
      [.i32], [.i32], export: "negative",
      .i32(128) + .local(0) + atomicAdd + .local(0) + Code(.i32Add) + .i32(0)
        + Code(.i32LtS))
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 2, 0))
    var options = CodegenOptions.segmentBase
    options.optimizationLevel = 2
    let instance = try linker.instantiate(builder, by: compiler, options: options)
    let running = RunningModule(store: store, instance: instance)
    #expect(try running.call("bit") == [.i32(0)])
    #expect(try running.call("bit") == [.i32(16)])
    #expect(try running.call("load", .i32(64)) == [.i32(16)])
    #expect(try running.call("negative", .i32(UInt32(bitPattern: -3))) == [.i32(1)])
    #expect(try running.call("negative", .i32(4)) == [.i32(0)])
    #expect(try running.call("load", .i32(128)) == [.i32(1)])
  }

  /// No intrinsic of the loop vectoriser or code generator loses the segment: a sum over an array, and a
  /// copy, at every level and with vectors of 32 bytes where there are.
  @Test(arguments: TestedCompiler.allCases) func loopsOverArrays(compiler: TestedCompiler) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let bytes = (0..<256).map { UInt8($0 % 4 == 0 ? $0 / 4 : 0) }
    _ = builder.data(bytes, at: .i32(16))
    // Locals: 0 the sum, 1 the address.
    let step =
      Code.local(1) + .local(1) + Code(.i32Load, 2, 16) + .i32(3) + Code(.i32Mul)
      + Code(.i32Store, 2, 1_024) + .local(0) + .local(1) + Code(.i32Load, 2, 16)
      + Code(.i32Add) + Code(.localSet, 0) + .local(1) + .i32(4) + Code(.i32Add)
      + Code(.localTee, 1) + .i32(256) + Code(.i32LtU) + Code(.brIf, 0)
    _ = builder.function(
      [.i32, .i32], [.i32], export: "sum", .structured(.loop, nil, step) + .local(0))
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 2, 1_024))
    let available = ProcessorExtensions.available
    for level in 1...3 {
      var options = CodegenOptions.segmentBase
      options.optimizationLevel = level
      if available.contains(.avx2) { options.cpuFeatures.formUnion([.avx, .avx2]) }
      let instance = try linker.instantiate(builder, by: compiler, options: options)
      let running = RunningModule(store: store, instance: instance)
      #expect(try running.call("sum", .i32(0), .i32(0)) == [.i32(2_016)])
      for place in [0, 1, 31, 63] as [UInt32] {
        #expect(try running.call("load", .i32(place * 4)) == [.i32(place * 3)])
      }
    }
  }

  // MARK: The code.

  @Test(arguments: TestedCompiler.allCases) func itIsRefusedWithoutFSGSBASE(
    compiler: TestedCompiler
  ) throws {
    var options = CodegenOptions.segmentBase
    options.cpuFeatures.remove(.fsgsbase)
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    let message = "a memory's base in GS needs a processor and a kernel with FSGSBASE"
    switch compiler {
    case .baseline:
      #expect(throws: BaselineError.failed(message)) {
        try linker.instantiate(builder, by: compiler, options: options)
      }
    case .llvm:
      #expect(throws: CompilationError.failed(message)) {
        try linker.instantiate(builder, by: compiler, options: options)
      }
    }
  }

  /// A table entry sets GS, and the body uses it and no other base.
  @Test(.enabled(if: AssemblyListing.isPossible), arguments: TestedCompiler.allCases)
  func theBodyUsesTheSegment(compiler: TestedCompiler) throws {
    var builder = WasmBuilder()
    _ = builder.memory(Limits(minimum: 1))
    _ = builder.function([.i32], [.i32], export: "load", .local(0) + Code(.i32Load, 2, 4))
    let bytes = StableBytes(builder.build())
    let module = try Module.decode(bytes.buffer)
    let image =
      switch compiler {
      case .baseline:
        try BaselineCompiler.compile(
          module, bytes: bytes.buffer, options: .segmentBase, threadCount: 1)
      case .llvm:
        try LLVMCompiler.compile(
          module, bytes: bytes.buffer, options: .segmentBase, threadCount: 1, progress: { _ in })
      }
    let function = image.functions[0]
    let entry = image.text[Int(function.tableEntry)..<Int(function.body)]
    #expect(
      try AssemblyListing.disassembled(Array(entry)) == [
        "mov r13, qword ptr [r12]", "wrgsbase r13",
      ])
    let start = Int(function.body)
    let listing = try AssemblyListing.disassembled(
      Array(image.text[start..<(start + Int(function.byteCount))]))
    #expect(listing.contains { $0.contains("gs:[") && $0.hasSuffix("+ 4]") }, "\(listing)")
    #expect(!listing.contains { $0.contains("[r12]") }, "\(listing)")
  }
}

extension CodegenOptions {
  /// Memory 0 by GS.
  static var segmentBase: CodegenOptions {
    var options = CodegenOptions.plain
    options.passParameters = false
    options.usesSegmentBase = true
    options.cpuFeatures.insert(.fsgsbase)
    return options
  }
}

/// A host function `host.call` that calls `target` and keeps the results.
private final class Nested {
  unowned let store: Store
  var target: Function?
  private(set) var results: [Value] = []

  init(_ store: Store) {
    self.store = store
    store.keepAlive(self)
  }

  var definition: HostFunctionDefinition {
    HostFunctionDefinition(
      module: "host", name: "call", type: FunctionType(),
      function: { environment, _ in
        Unmanaged<Nested>.fromOpaque(environment!).takeUnretainedValue().run()
      }, environment: Unmanaged.passUnretained(self).toOpaque())
  }

  private func run() -> Int32 {
    do throws(InvocationError) {
      results = try store.invoke(target!)
      return GuestStatus.finished
    } catch {
      return store.stop(error)
    }
  }
}
