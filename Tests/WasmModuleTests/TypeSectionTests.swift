// The type section's rules, and instructions on what it defines.

import Testing

@testable import WasmModule

@Suite struct TypeSectionTests {
  // Pieces of types: 0x50 not final, 0x4F final, then supertypes; 0x5F structure, 0x5E array.
  private static let empty: [UInt8] = [0x5F, 0]
  private static let root: [UInt8] = [0x50, 0, 0x5F, 1, i32, 0]

  @Test func decoding() throws {
    let module = try ModuleBytes().types(
      [0x4E, 2, 0x50, 0, 0x5F, 2, 0x78, 1, 0x64, 1, 0, 0x4F, 1, 0, 0x5F, 2, 0x78, 1, 0x64, 1, 0],
      [0x5E, 0x77, 1]
    ).decode()
    let fields = [
      FieldType(.i8, isMutable: true),
      FieldType(.value(.reference(.defined(1), nullable: false)), isMutable: false),
    ]
    #expect(
      module.types == [
        SubType(.structure(fields), isFinal: false), SubType(.structure(fields), supertype: 0),
        SubType(.array(FieldType(.i16, isMutable: true))),
      ])
    #expect(module.recursionGroups == [0..<2])
    #expect(module.hierarchy(of: .defined(0)) == .any)
  }

  private static let validTypes: [[[UInt8]]] = [
    [[0x4E, 0], empty],
    [[0x5F, 1, 0x63, 0, 0]],
    [[0x4E, 2, 0x60, 1, 0x64, 1, 0, 0x60, 1, 0x64, 0, 0]],
    [root, [0x50, 1, 0, 0x5F, 2, i32, 0, i64, 1], [0x4F, 1, 1, 0x5F, 2, i32, 0, i64, 1]],
    // Parameters may grow, results shrink.
    [[0x50, 0, 0x60, 1, 0x6D, 1, 0x6D], [0x50, 1, 0, 0x60, 1, 0x6E, 1, 0x6C]],
    // An immutable field may shrink.
    [[0x50, 0, 0x5E, 0x6E, 0], [0x50, 1, 0, 0x5E, 0x6C, 0]],
    // Equal groups are one.
    [empty, empty, [0x50, 0, 0x5E, 0x63, 0, 1], [0x4F, 1, 2, 0x5E, 0x63, 1, 1]],
  ]

  @Test(arguments: validTypes)
  func accepted(types: [[UInt8]]) { expectValid(ModuleBytes().section(1, items: types)) }

  private static let invalidTypes: [([[UInt8]], String)] = [
    ([[0x5F, 1, 0x63, 1, 0], empty], "unknown type 1 in type 0"),
    ([[0x60, 1, 0x63, 5, 0]], "unknown type 5 in type 0"),
    ([[0x4F, 1, 0, 0x5F, 0]], "unknown type 0 in type 0"),
    ([empty, [0x4F, 1, 0, 0x5F, 0]], "sub type 1 does not match"),
    ([root, [0x4F, 1, 0, 0x5F, 0]], "sub type 1 does not match"),
    ([root, [0x4F, 1, 0, 0x5F, 1, i64, 0]], "sub type 1 does not match"),
    ([root, [0x4F, 1, 0, 0x5F, 1, i32, 1]], "sub type 1 does not match"),
    ([root, [0x4F, 1, 0, 0x60, 0, 0]], "sub type 1 does not match"),
    ([root, root, [0x4F, 2, 0, 1, 0x5F, 1, i32, 0]], "sub type with 2 supertypes"),
    ([[0x50, 0, 0x5E, 0x6E, 1], [0x50, 1, 0, 0x5E, 0x6C, 1]], "sub type 1 does not match"),
    (
      [
        [0x50, 0, 0x60, 1, 0x6C, 0], [0x50, 1, 0, 0x60, 1, 0x6D, 0],
        [0x50, 1, 1, 0x60, 1, 0x6B, 0],
      ],
      "sub type 2 does not match"
    ),
  ]

  @Test(arguments: invalidTypes)
  func refused(types: [[UInt8]], message: String) {
    expectRefused(ModuleBytes().section(1, items: types), .invalid, message)
  }

  @Test func malformed() {
    expectRefused(ModuleBytes().types([0x5F, 1, i32, 2]), .malformed, "malformed mutability")
    expectRefused(ModuleBytes().types([0x50, 0, 0x4E, 0]), .malformed, "malformed function type")
    expectRefused(
      ModuleBytes().types(functionType([0x63, 0x40])), .malformed, "malformed heap type")
    expectRefused(ModuleBytes().types([0x5F, 1, 0x79, 0]), .malformed, "malformed value type")
  }

  @Test func depthLimit() {
    func chain(_ count: Int) -> ModuleBytes {
      ModuleBytes().section(
        1,
        items: [Self.root] + (1..<count).map { [0x50, 1] + unsigned($0 - 1) + [0x5F, 1, i32, 0] })
    }
    expectValid(chain(ImplementationLimits.subtypeDepth + 1))
    expectRefused(
      chain(ImplementationLimits.subtypeDepth + 2), .unsupported, "type 64 has too many supertypes")
  }

  // MARK: Uses of types outside of the section.

  @Test func unknownAndWrongTypes() {
    let structure = ModuleBytes().types(Self.empty)
    expectRefused(
      structure.functions(0).code(body([end])), .invalid, "type mismatch: type 0 of function 0")
    expectRefused(
      structure.section(4, items: [[0x63, 1, 0, 0]]), .invalid, "unknown type 1 of table")
    expectRefused(
      structure.section(6, items: [[0x63, 1, 0] + op(.refNull, 1) + [end]]), .invalid,
      "unknown type 1 of global")
    expectRefused(
      structure.section(9, items: [[5, 0x63, 1, 0]]), .invalid, "unknown type 1 of element segment")
  }

  /// A function of type 0 in a module that defines type 1, a mutable pair of i8 and i64; 2, an
  /// array of mutable i16; 3, an array of anyref; 4, `[i32] -> [i64]`; 5, a structure like 1 with
  /// one field more, its subtype.
  private static func function(_ code: [UInt8]...) -> ModuleBytes {
    ModuleBytes().types(
      functionType(), [0x50, 0, 0x5F, 2, 0x78, 1, i64, 1], [0x5E, 0x77, 1], [0x5E, 0x6E, 1],
      functionType([i32], [i64]), [0x4F, 1, 1, 0x5F, 3, 0x78, 1, i64, 1, i32, 0]
    )
    .functions(0).section(12, [1]).code(body(code.flatMap { $0 } + [end])).section(
      11, items: [[1, 0]])
  }

  private static let pair = op(.i32Const, 1) + op(.i64Const, 2) + op(.structNew, 1)
  private static let shorts = op(.i32Const, 8) + op(.arrayNewDefault, 2)

  private static let validCode: [[UInt8]] = [
    pair + op(.structGetS, 1, 0) + op(.drop),
    op(.structNewDefault, 5) + op(.structGet, 1, 1) + op(.drop),
    pair + op(.i64Const, 1) + op(.structSet, 1, 1),
    pair + op(.refTest, 5) + op(.drop),
    shorts + op(.i32Const, 0) + op(.arrayGetU, 2) + op(.drop),
    shorts + op(.arrayLen) + op(.drop),
    shorts + op(.i32Const, 0) + op(.i32Const, 1) + op(.i32Const, 2) + op(.arrayFill, 2),
    op(.i32Const, 0) + op(.i32Const, 1) + op(.arrayNewData, 2, 0) + op(.drop),
    op(.i32Const, 1) + op(.refI31) + pair + op(.arrayNewFixed, 3, 2) + op(.drop),
    op(.unreachable) + op(.arrayNewFixed, 3, 0x7F) + op(.drop),
    op(.i32Const, 1) + op(.refI31) + op(.externConvertAny) + op(.anyConvertExtern) + op(.drop),
    op(.block, 0x6E) + pair + op(.brOnCast, 0, 0, 0x6E, 5) + op(.drop) + op(.refNull, 0x71) + [end]
      + op(.drop),
    op(.i32Const, 0) + op(.refNull, 4) + op(.callRef, 4) + op(.drop),
    op(.unreachable) + op(.refAsNonNull) + op(.callRef, 4) + op(.drop),
    op(.block, 0x64, 0x6E) + op(.refNull, 0x6E) + op(.brOnNonNull, 0) + op(.unreachable) + [end]
      + op(.drop),
    op(.refNull, 1) + op(.refNull, 2) + op(.refEq) + op(.drop),
  ]

  @Test(arguments: validCode)
  func valid(code: [UInt8]) { expectValid(Self.function(code)) }

  private static let invalidCode: [([UInt8], String)] = [
    (
      pair + op(.structGet, 1, 0) + op(.drop), "type mismatch: struct.get needs a field that is not"
    ),
    (pair + op(.structGetU, 1, 1) + op(.drop), "type mismatch: struct.get_u needs a packed field"),
    (pair + op(.structGet, 1, 2) + op(.drop), "unknown field 2"),
    (pair + op(.structGet, 5, 1) + op(.drop), "type mismatch: struct.get expects (ref null 5)"),
    (pair + op(.structGet, 2, 1) + op(.drop), "type mismatch: struct.get needs a structure"),
    (op(.structNewDefault, 9) + op(.drop), "unknown type 9"),
    (op(.i32Const, 0) + op(.structNew, 1) + op(.drop), "type mismatch: struct.new expects i64"),
    (op(.structNewDefault, 5) + op(.i32Const, 0) + op(.structSet, 5, 2), "immutable field 2"),
    (shorts + op(.i32Const, 0) + op(.arrayGet, 2) + op(.drop), "type mismatch: array.get needs"),
    (
      op(.i32Const, 0) + op(.i32Const, 0) + op(.arrayNewData, 3, 0) + op(.drop),
      "type mismatch: array.new_data needs an array of numbers"
    ),
    (op(.refNull, 0x70) + op(.refTest, 1) + op(.drop), "type mismatch: ref.test expects anyref"),
    (
      op(.block, 0x64, 5) + pair + op(.brOnCast, 0, 0, 5, 1) + op(.unreachable) + [end]
        + op(.drop), "type mismatch: br_on_cast casts (ref 5) to (ref 1)"
    ),
    (op(.refNull, 0x70) + op(.callRef, 0), "type mismatch: call_ref expects (ref null 0)"),
    (op(.refNull, 1) + op(.callRef, 1), "type mismatch: call_ref needs a function type"),
    (op(.refNull, 0x6F) + op(.refNull, 0x6E) + op(.refEq) + op(.drop), "type mismatch: ref.eq"),
    (op(.block, 0x40) + op(.refNull, 0x6E) + op(.brOnNonNull, 0) + [end], "type mismatch"),
  ]

  @Test(arguments: invalidCode)
  func invalid(code: [UInt8], message: String) {
    expectRefused(Self.function(code), .invalid, message)
  }

  // MARK: Locals without a default.

  /// A function with a local of type (ref any).
  private static func local(_ code: [UInt8]...) -> ModuleBytes {
    ModuleBytes().types(functionType()).functions(0)
      .section(10, items: [sized([1, 1, 0x64, 0x6E] + code.flatMap { $0 } + [end])])
  }

  private static func sized(_ content: [UInt8]) -> [UInt8] { unsigned(content.count) + content }

  @Test func unsetLocals() {
    let set = op(.i32Const, 0) + op(.refI31) + op(.localSet, 0)
    let get = op(.localGet, 0) + op(.drop)
    expectValid(Self.local(set, get))
    expectValid(Self.local(set, op(.block, 0x40), get, [end]))
    expectRefused(Self.local(get), .invalid, "uninitialized local 0")
    expectRefused(Self.local(op(.block, 0x40), set, [end], get), .invalid, "uninitialized local 0")
    expectRefused(
      Self.local(op(.i32Const, 0), op(.if, 0x40), set, op(.else), get, [end]), .invalid,
      "uninitialized local 0")
    expectRefused(Self.local(op(.unreachable), get), .invalid, "uninitialized local 0")
  }

  @Test func tableOfNonNullReferences() {
    let module = ModuleBytes().types(functionType())
    expectRefused(
      module.section(4, items: [[0x64, 0x70, 0, 0]]), .invalid, "type mismatch: table 0")
    let initialized: [UInt8] = [0x40, 0, 0x64, 0x70, 0, 0] + op(.refFunc, 0) + [end]
    expectValid(
      module.functions(0).section(4, items: [initialized]).code(body([end])))
  }
}
