// The sections that declare types, imports, functions, tables, memories, globals and exports.

import Testing

@testable import WasmModule

@Suite struct DeclarationTests {
  @Test func types() throws {
    let module = try ModuleBytes().types(
      functionType(), functionType([i32, f64], [v128]), functionType([funcref], [externref, i64])
    ).decode()
    #expect(
      module.types
        == [
          FunctionType(), FunctionType(parameters: [.i32, .f64], results: [.v128]),
          FunctionType(parameters: [.funcref], results: [.externref, .i64]),
        ].map { SubType($0) })
  }

  @Test func malformedTypes() {
    expectRefused(ModuleBytes().types([0x61, 0, 0]), .malformed, "malformed function type")
    expectRefused(
      ModuleBytes().types([0xE0, 0x7F, 0, 0]), .malformed, "integer representation too long")
    expectRefused(ModuleBytes().types(functionType([0x7A])), .malformed, "malformed value type")
  }

  /// Earlier versions of the specification had less.
  @Test func countsOfEarlierVersions() throws {
    let memory: [UInt8] = [0, 1]
    let table: [UInt8] = [funcref, 0, 4]
    let imported = encoded("m") + encoded("n")
    func refusal(of module: ModuleBytes, _ features: Features) -> String? {
      module.bytes.withUnsafeBytes { bytes in
        do throws(ModuleError) {
          try Module.decode(bytes).validate(bytes: bytes, features: features)
          return nil
        } catch {
          return error.message
        }
      }
    }
    let cases: [(ModuleBytes, Features, String)] = [
      (ModuleBytes().section(5, items: [memory, memory]), .multipleMemories, "multiple memories"),
      (
        ModuleBytes().section(2, items: [imported + [2] + memory]).section(5, items: [memory]),
        .multipleMemories, "multiple memories"
      ),
      (ModuleBytes().section(4, items: [table, table]), .multipleTables, "multiple tables"),
    ]
    for (module, feature, message) in cases {
      #expect(refusal(of: module, []) == message)
      #expect(refusal(of: module, .all.subtracting(feature)) == message)
      #expect(refusal(of: module, feature) == nil)
    }
    #expect(
      refusal(of: ModuleBytes().section(4, items: [table]).section(5, items: [memory]), []) == nil)
  }

  /// Longhand of an abbreviation: `(ref null func)`.
  @Test func referenceTypeInFull() throws {
    let module = try ModuleBytes().types([0x60, 2, 0x63, 0x70, 0x63, 0x6F, 0]).decode()
    #expect(module.types[0].function?.parameters == [.funcref, .externref])
  }

  @Test func arityLimit() {
    let most = Array(repeating: i32, count: ImplementationLimits.parameters)
    expectValid(ModuleBytes().types(functionType(most, most)))
    expectRefused(ModuleBytes().types(functionType(most + [i32])), .unsupported, "too many")
    expectRefused(ModuleBytes().types(functionType([], most + [i32])), .unsupported, "too many")
  }

  @Test func imports() throws {
    let names = encoded("env") + encoded("x")
    let module = try ModuleBytes().types(functionType([i32])).section(
      2,
      items: [
        names + [0, 0], names + [1, funcref, 1, 2, 3], names + [2, 0, 1], names + [3, i64, 1],
      ]
    ).decode()
    #expect(module.imports.count == 4)
    #expect(module.functions == [0] && module.importedFunctionCount == 1)
    #expect(module.tables[0].type.limits == Limits(minimum: 2, maximum: 3))
    #expect(module.memories[0].limits == Limits(minimum: 1))
    #expect(module.globals[0].type == GlobalType(value: .i64, isMutable: true))
    #expect(module.importedFunctions.map(\.name) == ["x"])
    #expect(module.isImportedFunction(0) && !module.isImportedFunction(1))
    #expect(module.type(of: module.imports[0]) == .function(FunctionType(parameters: [.i32])))
  }

  @Test func malformedImports() {
    let names = encoded("") + encoded("")
    expectRefused(
      ModuleBytes().section(2, items: [names + [5]]), .malformed, "malformed import kind")
    expectRefused(
      ModuleBytes().section(2, items: [names + [4, 0, 0]]), .invalid, "unknown type 0")
    expectRefused(
      ModuleBytes().section(2, items: [names + [3, i32, 2]]), .malformed, "malformed mutability")
    expectRefused(
      ModuleBytes().section(2, items: [names + [0, 0]]), .invalid, "unknown type 0")
  }

  @Test func functionOfUnknownType() {
    let module = ModuleBytes().types(functionType()).functions(1).code(body([end]))
    expectRefused(module, .invalid, "unknown type 1")
  }

  @Test func limits() {
    let memory = { (limits: [UInt8]) in ModuleBytes().section(5, items: [limits]) }
    expectValid(memory([0, 0]))
    expectValid(memory([1, 0x80, 0x80, 0x04, 0x80, 0x80, 0x04]))
    expectRefused(memory([0, 0x81, 0x80, 0x04]), .invalid, "memory size")
    expectRefused(memory([1, 0, 0x81, 0x80, 0x04]), .invalid, "memory size")
    expectRefused(memory([1, 2, 1]), .invalid, "size minimum must not be greater than maximum")
    expectRefused(memory([2, 0]), .invalid, "shared memory must have maximum")
    expectValid(memory([3, 0, 1]))
    expectRefused(memory([16, 0]), .malformed, "malformed limits flags")
    expectRefused(memory([0x81, 0, 0]), .malformed, "malformed limits flags")
    let table = { (limits: [UInt8]) in ModuleBytes().section(4, items: [[funcref] + limits]) }
    expectValid(table([0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]))
    expectRefused(table([0, 0x80, 0x80, 0x80, 0x80, 0x10]), .invalid, "table size")
    expectRefused(table([1, 2, 1]), .invalid, "size minimum must not be greater than maximum")
    expectRefused(
      ModuleBytes().section(4, items: [[i32, 0, 0]]), .malformed, "malformed reference type")
  }

  @Test func limitsOf64BitAddresses() throws {
    let memory = { (limits: [UInt8]) in ModuleBytes().section(5, items: [limits]) }
    #expect(try memory([4, 7]).decode().memories[0].limits == Limits(minimum: 7, is64Bit: true))
    // 2^48 pages, and one more.
    expectValid(memory([5, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]))
    expectRefused(
      memory([5, 0, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]), .invalid, "memory size")
    let table = { (limits: [UInt8]) in ModuleBytes().section(4, items: [[funcref] + limits]) }
    expectValid(table([4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]))
    expectRefused(table([8, 0, 0]), .malformed, "malformed limits flags")
  }

  @Test func pageSizes() throws {
    let memory = { (limits: [UInt8]) in ModuleBytes().section(5, items: [limits]) }
    #expect(try memory([8, 7, 0]).decode().memories[0].pageSize == 1)
    expectValid(memory([8, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0]))
    expectRefused(memory([8, 0x80, 0x80, 0x80, 0x80, 0x10, 0]), .invalid, "memory size")
    expectValid(memory([9, 1, 2, 16]))
    expectRefused(memory([8, 0, 1]), .invalid, "invalid custom page size")
    expectRefused(memory([8, 0, 63]), .invalid, "invalid custom page size")
    expectRefused(memory([8, 0, 64]), .malformed, "invalid custom page size")
  }

  @Test func severalMemories() throws {
    #expect(try ModuleBytes().section(5, items: [[0, 1], [0, 2]]).decode().memories.count == 2)
  }

  @Test func tableWithInitializer() throws {
    let table: [UInt8] = [0x40, 0x00, funcref, 0, 1] + op(.refNull, funcref) + [end]
    let module = ModuleBytes().section(4, items: [table])
    expectValid(module)
    #expect(try module.decode().tables[0].initializer != nil)
    let wrongType: [UInt8] = [0x40, 0x00, funcref, 0, 1] + op(.refNull, externref) + [end]
    expectRefused(ModuleBytes().section(4, items: [wrongType]), .invalid, "type mismatch")
    expectRefused(
      ModuleBytes().section(4, items: [[0x40, 0x01, funcref, 0, 1, end]]), .malformed,
      "malformed table")
  }

  @Test func exports() throws {
    let module = ModuleBytes().types(functionType()).functions(0).section(5, items: [[0, 1]])
      .section(7, items: [encoded("f") + [0, 0], encoded("memory") + [2, 0]]).code(body([end]))
    expectValid(module)
    let decoded = try module.decode()
    #expect(decoded.export(named: "f")?.kind == .function)
    #expect(decoded.export(named: "g") == nil)
    let memory = try #require(decoded.export(named: "memory"))
    #expect(decoded.type(of: memory) == .memory(MemoryType(limits: Limits(minimum: 1))))
  }

  @Test func malformedExports() {
    let export = { (bytes: [UInt8]) in ModuleBytes().section(7, items: [encoded("e") + bytes]) }
    expectRefused(export([5, 0]), .malformed, "malformed export kind")
    expectRefused(export([4, 0]), .invalid, "unknown tag 0")
    expectRefused(export([0, 0]), .invalid, "unknown function 0")
    expectRefused(export([1, 0]), .invalid, "unknown table 0")
    expectRefused(export([2, 0]), .invalid, "unknown memory 0")
    expectRefused(export([3, 0]), .invalid, "unknown global 0")
  }

  @Test func exportNames() {
    let exports = { (names: [String]) in
      ModuleBytes().section(5, items: [[0, 1]])
        .section(7, items: names.map { encoded($0) + [2, 0] })
    }
    expectRefused(exports(["a", "b", "a"]), .invalid, "duplicate export name")
    // Few and many names are compared in different ways.
    for count in [2, 15, 16, 17, 100] {
      let names = (0..<count).map { "\($0)" }
      expectValid(exports(names))
      expectRefused(
        exports(names.dropLast() + ["0"]), .invalid, "duplicate export name \"0\"")
    }
    // Equal for Swift, different for WebAssembly: é in one scalar and in two.
    expectValid(exports(["\u{E9}", "e\u{301}"]))
  }

  @Test func hostileNameInAMessage() throws {
    let name = "\u{1B}[2J\u{202E}"
    let module = ModuleBytes().section(7, items: [encoded(name) + [2, 0]])
    let message = try #require(module.refusal?.message)
    #expect(message.hasSuffix("\"\\u{1b}[2J\\u{202e}\""))
  }

  @Test func start() {
    let module = { (type: [UInt8], start: UInt8) in
      ModuleBytes().types(type).functions(0).section(8, [start])
        .code(body([0x00, end]))
    }
    expectValid(module(functionType(), 0))
    expectRefused(module(functionType(), 1), .invalid, "unknown function 1")
    expectRefused(module(functionType([i32]), 0), .invalid, "start function")
    expectRefused(module(functionType([], [i32]), 0), .invalid, "start function")
  }
}
