// Which types are one, and which are subtypes of which.

import Testing

@testable import WasmModule

@Suite struct CanonicalTypeTests {
  private static func reference(_ index: UInt32, nullable: Bool = false) -> ValueType {
    .reference(.defined(index), nullable: nullable)
  }

  private static func structure(
    _ fields: ValueType..., supertype: UInt32? = nil, isFinal: Bool = true
  ) -> SubType {
    SubType(
      .structure(fields.map { FieldType(.value($0), isMutable: false) }), isFinal: isFinal,
      supertype: supertype)
  }

  private static func add(
    _ types: inout CanonicalTypes, _ new: [SubType], groups: [Range<Int>] = []
  ) throws -> [UInt32] {
    let ids = types.add(new, groups: groups)
    return try #require(ids)
  }

  @Test func equalGroupsAreOne() throws {
    var types = CanonicalTypes()
    // Two lists, each a structure that refers to itself.
    let ids = try Self.add(
      &types, [Self.structure(.i32, Self.reference(0)), Self.structure(.i32, Self.reference(1))])
    #expect(ids == [1, 1])
    // The same pair, written twice, and then in the other order.
    let pair = [Self.structure(Self.reference(1)), Self.structure(.i64, Self.reference(0))]
    let again = [Self.structure(Self.reference(3)), Self.structure(.i64, Self.reference(2))]
    let swapped = [Self.structure(.i64, Self.reference(5)), Self.structure(Self.reference(4))]
    let more = try Self.add(&types, pair + again + swapped, groups: [0..<2, 2..<4, 4..<6])
    #expect(more == [2, 3, 2, 3, 4, 5])
    // A type in a group is not the type that stands alone.
    let grouped = try Self.add(&types, pair + [Self.structure(.i32)], groups: [0..<3])
    #expect(grouped == [6, 7, 8])
  }

  @Test func differences() throws {
    let base = FieldType(.value(.i32), isMutable: false)
    let all: [SubType] = [
      SubType(.structure([base])), SubType(.structure([base]), isFinal: false),
      SubType(.structure([FieldType(.value(.i32), isMutable: true)])),
      SubType(.structure([FieldType(.i8, isMutable: false)])),
      SubType(.structure([FieldType(.i16, isMutable: false)])), SubType(.array(base)),
      SubType(.structure([base, base])), SubType(FunctionType(parameters: [.i32])),
      SubType(FunctionType(results: [.i32])), SubType(.structure([base]), supertype: 1),
    ]
    var types = CanonicalTypes()
    let ids = try Self.add(&types, all)
    #expect(Set(ids).count == all.count)
    #expect(try Self.add(&types, all) == ids)
  }

  /// Enough groups to enlarge the table several times.
  @Test func manyGroups() throws {
    var types = CanonicalTypes(expectedCount: 1)
    let count: UInt32 = 3_000
    let chain = (0..<count).map {
      $0 == 0 ? Self.structure() : Self.structure(Self.reference($0 - 1))
    }
    let ids = try Self.add(&types, chain)
    #expect(ids == Array(1...count))
    #expect(try Self.add(&types, chain) == ids)
    let total = types.count
    #expect(total == Int(count))
  }

  @Test func lineage() throws {
    var types = CanonicalTypes()
    let ids = try Self.add(
      &types,
      [
        Self.structure(isFinal: false), Self.structure(.i32, supertype: 0, isFinal: false),
        Self.structure(.i32, .i32, supertype: 1), Self.structure(.i32, supertype: 0),
      ])
    let lineage = types.lineage(of: ids[2])
    #expect(lineage == [ids[0], ids[1], ids[2]])
    let upward = [types.isSubtype(ids[2], of: ids[0]), types.isSubtype(ids[2], of: ids[2])]
    #expect(upward == [true, true])
    let others = [types.isSubtype(ids[0], of: ids[2]), types.isSubtype(ids[3], of: ids[1])]
    #expect(others == [false, false])
  }

  // MARK: Abstract types.

  /// The subtypes of each abstract heap type, itself left out.
  private static let below: [HeapType: Set<HeapType>] = [
    .any: [.eq, .i31, .structure, .array, .none], .eq: [.i31, .structure, .array, .none],
    .i31: [.none], .structure: [.none], .array: [.none], .none: [], .function: [.noFunction],
    .noFunction: [], .external: [.noExternal], .noExternal: [], .exception: [.noException],
    .noException: [],
  ]

  @Test func abstractTypes() {
    let types = CanonicalTypes()
    for (expected, subtypes) in Self.below {
      for found in Self.below.keys {
        let wanted = found == expected || subtypes.contains(found)
        let serves = types.matches(found, expected)
        #expect(serves == wanted, "\(found) as \(expected)")
      }
    }
  }

  @Test func definedAndAbstractTypes() throws {
    var types = CanonicalTypes()
    let ids = try Self.add(
      &types,
      [
        SubType(FunctionType()), Self.structure(),
        SubType(.array(FieldType(.i8, isMutable: true))),
      ])
    let above: [Set<HeapType>] = [
      [.function], [.structure, .eq, .any], [.array, .eq, .any],
    ]
    let below: [HeapType] = [.noFunction, .none, .none]
    for (place, id) in ids.enumerated() {
      for abstract in Self.below.keys {
        let (up, down) = (
          types.matches(.defined(id), abstract), types.matches(abstract, .defined(id))
        )
        #expect(up == above[place].contains(abstract), "\(place) as \(abstract)")
        #expect(down == (abstract == below[place]), "\(abstract) as \(place)")
      }
    }
  }

  @Test func nullability() {
    let types = CanonicalTypes()
    let (some, perhaps) = (
      ValueType.reference(.eq, nullable: false), ValueType.reference(.any, nullable: true)
    )
    let answers = [
      types.matches(some, perhaps), types.matches(perhaps, some),
      types.matches(perhaps, perhaps.nonNull), types.matches(.i32, perhaps),
    ]
    #expect(answers == [true, false, false, false])
  }
}
