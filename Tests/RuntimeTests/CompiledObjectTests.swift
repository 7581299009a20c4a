// Structures, arrays, i31 and casts in compiled code, where the specification's suite looks little.

import CompilerInterface
import Runtime
import TestSupport
import Testing
import WasmModule

@Suite(.serialized) struct CompiledObjectTests {
  private let store: Store
  private let linker: Linker

  init() throws {
    store = try Store()
    linker = Linker(store)
  }

  /// Every kind of field between two bytes, so that a misplaced one shows.
  private static let storages: [StorageType] = [
    .i8, .value(.i64), .i16, .value(.i32), .i8, .value(.v128), .i8, .value(.f64), .value(.f32),
    .value(.reference(.i31, nullable: true)), .i8, .value(.funcref), .i16,
  ]

  @Test func layoutIsDisjointAndSupertypesComeFirst() {
    let fields = Self.storages.map { FieldType($0, isMutable: true) }
    let layout = ObjectLayout(fields)
    var end = 8
    for (field, offset) in zip(fields, layout.offsets) {
      #expect(offset >= end && offset % min(field.storage.byteCount, 8) == 0)
      end = offset + field.storage.byteCount
    }
    #expect(layout.byteCount >= end && layout.byteCount % ObjectLayout.alignment == 0)
    for count in 0..<fields.count {
      let above = ObjectLayout(Array(fields.prefix(count)))
      #expect(above.offsets == Array(layout.offsets.prefix(count)))
    }
  }

  /// Each field of a structure set by itself, then all read.
  @Test func everyKindOfField() throws {
    var builder = WasmBuilder()
    let fields = Self.storages.map { FieldType($0, isMutable: true) }
    let type = Int(builder.type(SubType(.structure(fields))))
    let reference = ValueType.reference(.defined(UInt32(type)), nullable: true)
    let function = builder.function([], [], export: "f", Code())
    _ = builder.function([], [reference], export: "new", Code(.structNewDefault, type))
    for (place, storage) in Self.storages.enumerated() {
      _ = builder.function(
        [reference, storage.unpacked], [], export: "set\(place)",
        .local(0) + .local(1) + Code(.structSet, type, place))
      _ = builder.function(
        [reference], [storage.unpacked], export: "get\(place)",
        .local(0) + Code(storage.isPacked ? .structGetS : .structGet, type, place))
      guard storage.isPacked else { continue }
      _ = builder.function(
        [reference], [.i32], export: "unsigned\(place)", .local(0) + Code(.structGetU, type, place))
    }
    builder.declare([function])
    let instance = try linker.instantiate(builder)
    let object = try #require(try instance.call("new").first)
    func sample(_ storage: StorageType, _ place: Int) -> Value {
      switch storage {
      case .i8: .int(-Int32(place) - 1)
      case .i16: .int(-1_000 - Int32(place))
      case .value(.i32): .int(-123_456)
      case .value(.i64): .i64(0x0123_4567_89AB_CDEF)
      case .value(.f32): .float(1.5)
      case .value(.f64): .double(-2.5)
      case .value(.v128): .v128(low: .max, high: 1 << 63)
      case .value(.funcref): .function(instance.function("f"))
      default: .internal(.i31(0x4000_0001))
      }
    }
    for (place, storage) in Self.storages.enumerated() {
      _ = try instance.call("set\(place)", object, sample(storage, place))
      store.collectGarbage()
    }
    for (place, storage) in Self.storages.enumerated() {
      #expect(try instance.call("get\(place)", object) == [sample(storage, place)])
      guard storage.isPacked, case .i32(let bits) = sample(storage, place) else { continue }
      let mask: UInt32 = storage == .i8 ? 0xFF : 0xFFFF
      #expect(try instance.call("unsigned\(place)", object) == [.i32(bits & mask)])
    }
    for place in Self.storages.indices {
      #expect(try instance.trap("get\(place)", .internal(nil))?.code == .nullReference)
    }
  }

  @Test(arguments: storages)
  func arraysOfEveryKind(storage: StorageType) throws {
    var builder = WasmBuilder()
    let type = Int(builder.type(SubType(.array(FieldType(storage, isMutable: true)))))
    let reference = ValueType.reference(.defined(UInt32(type)), nullable: true)
    let element = storage.unpacked
    _ = builder.function(
      [element, .i32], [reference], export: "new", .local(0) + .local(1) + Code(.arrayNew, type))
    _ = builder.function(
      [reference, .i32], [element], export: "get",
      .local(0) + .local(1) + Code(storage.isPacked ? .arrayGetU : .arrayGet, type))
    _ = builder.function(
      [reference, .i32, element], [], export: "set",
      .local(0) + .local(1) + .local(2) + Code(.arraySet, type))
    _ = builder.function([reference], [.i32], export: "length", .local(0) + Code(.arrayLen))
    let four = Code.local(1) + .local(0) + .local(2) + .local(3)
    _ = builder.function(
      [reference, .i32, .i32, .i32], [], export: "copy",
      .local(0) + four + Code(.arrayCopy, type, type))
    let instance = try linker.instantiate(builder)
    let (one, two): (Value, Value) =
      switch element {
      case .i32: (.int(1), .int(2))
      case .i64: (.i64(1), .i64(2))
      case .f32: (.float(1), .float(2))
      case .f64: (.double(1), .double(2))
      case .v128: (.v128(low: 1, high: 2), .v128(low: 3, high: 4))
      case .funcref: (.function(nil), .function(instance.function("length")))
      default: (.internal(.i31(1)), .internal(.i31(2)))
      }
    let array = try #require(try instance.call("new", one, .int(5)).first)
    #expect(try instance.call("length", array) == [.int(5)])
    _ = try instance.call("set", array, .int(1), two)
    // Elements 0-2 to 2-4, overlapping.
    _ = try instance.call("copy", array, .int(2), .int(0), .int(3))
    let elements = try (0..<5).map { try instance.call("get", array, .int($0))[0] }
    #expect(elements == [one, two, one, two, one])
    for call in ["get", "set"] {
      let arguments = [array, .int(5)] + (call == "set" ? [one] : [])
      #expect(try instance.trap(call, arguments)?.code == .arrayOutOfBounds)
    }
    #expect(
      try instance.trap("copy", array, .int(3), .int(0), .int(3))?.code == .arrayOutOfBounds)
    #expect(try instance.trap("length", .internal(nil))?.code == .nullReference)
  }

  /// A chain of structure types, longer than the display, the last of them final.
  @Test func castsUpAndDown() throws {
    var builder = WasmBuilder()
    let count = 12
    for depth in 0..<count {
      let supertype = depth == 0 ? nil : UInt32(depth - 1)
      _ = builder.recursionGroup([
        SubType(.structure([]), isFinal: depth == count - 1, supertype: supertype)
      ])
    }
    for type in 0..<count {
      _ = builder.function(
        [], [.reference(.any, nullable: true)], export: "new\(type)", Code(.structNew, type))
      let target = HeapType.defined(UInt32(type))
      _ = builder.function(
        [.reference(.any, nullable: true)], [.i32], export: "is\(type)",
        .local(0) + Code(.refTest, naming: target))
      _ = builder.function(
        [.reference(.any, nullable: true)], [], export: "cast\(type)",
        .local(0) + Code(.refCastNull, naming: target) + Code(.drop))
    }
    let instance = try linker.instantiate(builder)
    for actual in 0..<count {
      let object = try instance.call("new\(actual)")[0]
      for wanted in 0..<count {
        #expect(try instance.call("is\(wanted)", object) == [.int(actual >= wanted ? 1 : 0)])
        let trap = try instance.trap("cast\(wanted)", object)
        #expect(trap?.code == (actual >= wanted ? nil : .castFailure))
      }
    }
    for other in [Value.internal(nil), .internal(.i31(0)), .internal(.host(9))] {
      #expect(try instance.call("is0", other) == [.int(0)])
    }
    #expect(try instance.trap("cast3", .internal(nil)) == nil)
  }

  /// Equal types of two modules are one: each casts the other's objects.
  @Test func castsBetweenInstances() throws {
    func module(padding: Int) -> WasmBuilder {
      var builder = WasmBuilder()
      for count in 0..<padding {
        _ = builder.type(Array(repeating: .i32, count: count + 1), [])
      }
      let node = UInt32(padding)
      let type = builder.recursionGroup([
        SubType(
          .structure([
            FieldType(.value(.reference(.defined(node), nullable: true)), isMutable: true)
          ]))
      ])
      _ = builder.function(
        [], [.reference(.any, nullable: false)], export: "new", Code(.structNewDefault, Int(type)))
      _ = builder.function(
        [.reference(.any, nullable: true)], [.i32], export: "is",
        .local(0) + Code(.refTest, naming: .defined(type)))
      return builder
    }
    let one = try linker.instantiate(module(padding: 0))
    let other = try linker.instantiate(module(padding: 3))
    #expect(try other.call("is", try one.call("new")[0]) == [.int(1)])
    #expect(try one.call("is", try other.call("new")[0]) == [.int(1)])
  }

  @Test func externalAndBack() throws {
    var builder = WasmBuilder()
    _ = builder.function(
      [.reference(.any, nullable: true)], [.externref], export: "out",
      .local(0) + Code(.externConvertAny))
    _ = builder.function(
      [.externref], [.reference(.any, nullable: true)], export: "in",
      .local(0) + Code(.anyConvertExtern))
    let instance = try linker.instantiate(builder)
    #expect(try instance.call("out", .internal(.i31(7))) == [.externalized(.i31(7))])
    #expect(try instance.call("in", .externalized(.i31(7))) == [.internal(.i31(7))])
    #expect(try instance.call("in", .external(12)) == [.internal(.host(12))])
    #expect(try instance.call("out", .internal(.host(12))) == [.external(12)])
    #expect(try instance.call("out", .internal(nil)) == [.external(nil)])
    #expect(try instance.call("in", .external(nil)) == [.internal(nil)])
  }
}
