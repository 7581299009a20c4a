// Typed function references in compiled code, and types that several modules share.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledReferenceTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  private static let unary = FunctionType(parameters: [.i32], results: [.i32])

  @Test func callThroughAReference() throws {
    var builder = WasmBuilder()
    let type = builder.type(Self.unary)
    let reference = ValueType.reference(.defined(type), nullable: true)
    let double = builder.function(
      type: type, export: "double", .local(0) + .local(0) + Code(.i32Add))
    builder.declare([double])
    _ = builder.function(
      [.i32], [.i32], export: "call",
      .local(0) + Code(.refFunc, Int(double)) + Code(.callRef, Int(type)))
    _ = builder.function(
      [.i32], [.i32], export: "jump",
      .local(0) + Code(.refFunc, Int(double)) + Code(.returnCallRef, Int(type)))
    _ = builder.function(
      [reference], [.i32], export: "apply", .i32(21) + .local(0) + Code(.callRef, Int(type)))
    _ = builder.function(
      [reference], [.i32], export: "orSeven",
      .structured(
        .block, nil,
        .i32(20) + .local(0) + Code(.brOnNull, 0) + Code(.callRef, Int(type)) + Code(.return))
        + .i32(7))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("call", .int(4)) == [.int(8)])
    #expect(try instance.call("jump", .int(5)) == [.int(10)])
    #expect(try instance.call("apply", .function(instance.function("double"))) == [.int(42)])
    #expect(try instance.trap("apply", .function(nil))?.code == .nullReference)
    #expect(try instance.call("orSeven", .function(nil)) == [.int(7)])
    #expect(try instance.call("orSeven", .function(instance.function("double"))) == [.int(40)])
    // A function of another type is not let in.
    #expect(throws: InvocationError.self) {
      try instance.call("apply", .function(instance.function("apply")))
    }
  }

  @Test func tableFilledByItsInitializer() throws {
    var builder = WasmBuilder()
    let seven = builder.function([], [.i32], export: "seven", .i32(7))
    let type = Int(builder.type([], [.i32]))
    _ = builder.table(
      .reference(.defined(UInt32(type)), nullable: false), Limits(minimum: 3),
      filledWith: Code(.refFunc, Int(seven)), export: "table")
    _ = builder.function(
      [.i32], [.i32], export: "call", .local(0) + Code(.callIndirect, type, 0))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("call", .int(2)) == [.int(7)])
    #expect(try instance.trap("call", .int(3))?.code == .tableOutOfBounds)
  }

  /// A chain of three function types, each a subtype of the one before, and a type equal to the
  /// first but for being final.
  private static func chain(_ builder: inout WasmBuilder) -> (top: Int, final: Int) {
    func link(_ supertype: UInt32?) -> SubType {
      SubType(.function(unary), isFinal: false, supertype: supertype)
    }
    let top = builder.recursionGroup([link(nil)])
    _ = builder.recursionGroup([link(top)])
    _ = builder.recursionGroup([link(top + 1)])
    return (Int(top), Int(builder.type(unary)))
  }

  /// `call_indirect` asks for a subtype; the functions are another module's.
  @Test func indirectCallsOfSubtypes() throws {
    var owner = WasmBuilder()
    _ = owner.type([.f32], [])  // So that the same types have other indices here.
    let (top, final) = Self.chain(&owner)
    let functions = [top, top + 1, top + 2, final].map {
      owner.function(
        type: UInt32($0), export: "f\($0 - top)", .local(0) + .i32(Int32($0 - top)) + Code(.i32Add))
    }
    _ = owner.table(.funcref, Limits(minimum: 5), export: "table")
    _ = owner.elements(functions, at: .i32(0))
    linker.define("owner", try linker.instantiate(owner))

    var user = WasmBuilder()
    let (first, finalType) = Self.chain(&user)
    _ = user.importTable("owner", "table", .funcref, Limits(minimum: 5))
    for (place, type) in [first, first + 1, first + 2, finalType].enumerated() {
      _ = user.function(
        [.i32, .i32], [.i32], export: "call\(place)",
        .local(1) + .local(0) + Code(.callIndirect, type, 0))
    }
    let instance = try linker.instantiate(user)
    for wanted in 0..<4 {
      for actual in 0..<4 {
        let isSubtype = wanted == 3 ? actual == 3 : actual >= wanted && actual < 3
        let arguments: [Value] = [.int(Int32(actual)), .int(100)]
        if isSubtype {
          #expect(try instance.call("call\(wanted)", arguments) == [.int(100 + Int32(actual))])
        } else {
          let trap = try instance.trap("call\(wanted)", arguments)
          #expect(trap?.code == .indirectCallTypeMismatch, "\(actual) as \(wanted)")
        }
      }
      #expect(
        try instance.trap("call\(wanted)", .int(4), .int(0))?.code == .uninitializedElement)
    }
  }

  /// A function may be imported as what it is a subtype of, and as nothing else.
  @Test func importsOfSubtypes() throws {
    var owner = WasmBuilder()
    let (top, _) = Self.chain(&owner)
    _ = owner.function(type: UInt32(top + 1), export: "f", .local(0))
    linker.define("owner", try linker.instantiate(owner))
    for place in 0..<4 {
      var user = WasmBuilder()
      let (first, final) = Self.chain(&user)
      let wanted = place == 3 ? final : first + place
      _ = user.importFunction("owner", "f", type: UInt32(wanted))
      if place < 2 {
        _ = try linker.instantiate(user)
      } else {
        #expect(throws: InstantiationError.self) { try linker.instantiate(user) }
      }
    }
  }
}
