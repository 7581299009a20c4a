// Canonical types: one number for all types that are equal, whatever module and index name them.

/// A set of canonical types. Ids are 1, 2, 3, …; 0 is no type's.
///
/// Types are equal by structure, recursion group by recursion group: two types are equal if they
/// stand at the same place of equal groups, where a group's references to itself are compared by
/// place and all others by id. Spec: core 3.0 §3.2.2 (rolling), §3.3.8.
package struct CanonicalTypes: ~Copyable {
  /// The type with id n is at n - 1; the types that it names, it names by their ids.
  private var types: [SubType] = []
  /// By id as `types`: the supertype's id, 0 for none.
  private var supertypes: [UInt32] = []
  private var kinds: [Kind] = []
  private var groups: [Group] = []
  /// A hash table with open addressing: a group's place plus one, 0 where free. Not a dictionary:
  /// the first of each kind costs a start some 60 us, and this is on the way of every program.
  private var slots: [UInt32]

  /// Ids that there may be: what a `HeapType` can name.
  package static let limit = Int(HeapType.definedLimit) - 1

  private enum Kind: UInt8 {
    case function, structure, array

    init(_ type: CompositeType) {
      switch type {
      case .function: self = .function
      case .structure: self = .structure
      case .array: self = .array
      }
    }
  }

  private struct Group {
    let hash: UInt64
    /// The first type's id.
    let first: UInt32
    let count: UInt32
  }

  /// `expectedCount` types cost no growing.
  package init(expectedCount: Int = 100) {
    var count = 64
    while count < expectedCount * 2 { count *= 2 }
    slots = [UInt32](repeating: 0, count: count)
  }

  package var count: Int { types.count }

  /// The type with this id, which `add` returned. Types that it names are named by id.
  package func type(_ id: UInt32) -> SubType { types[Int(id) - 1] }

  // MARK: Adding.

  /// The ids of `newTypes`, in order; `groups` are those of more than one type, ascending. A type
  /// may name types of its own group and those before it. nil where there would be more than
  /// `limit`.
  package mutating func add(
    _ newTypes: [SubType], groups newGroups: [Range<Int>] = []
  ) -> [UInt32]? {
    var ids: [UInt32] = []
    ids.reserveCapacity(newTypes.count)
    var nextGroup = 0
    while ids.count < newTypes.count {
      var range = ids.count..<ids.count + 1
      if nextGroup < newGroups.count, newGroups[nextGroup].lowerBound == range.lowerBound,
        newGroups[nextGroup].upperBound <= newTypes.count
      {
        range = newGroups[nextGroup]
        nextGroup += 1
      }
      guard let first = add(newTypes, range, ids) else { return nil }
      for place in 0..<UInt32(range.count) { ids.append(first + place) }
    }
    return ids
  }

  /// The id of the first type of the group `range`; `ids` are those of the types before it.
  private mutating func add(
    _ newTypes: [SubType], _ range: Range<Int>, _ ids: [UInt32]
  ) -> UInt32? {
    var hash = Hash()
    let inside = Renaming(ids: ids, group: range, first: Self.insideMark)
    for index in range { hash.add(newTypes[index], inside) }
    var slot = Int(truncatingIfNeeded: hash.value) & (slots.count - 1)
    while slots[slot] != 0 {
      let group = groups[Int(slots[slot]) - 1]
      if group.hash == hash.value, Int(group.count) == range.count,
        isEqual(group, newTypes, range, ids)
      {
        return group.first
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard types.count + range.count <= Self.limit else { return nil }
    let first = UInt32(types.count + 1)
    let renaming = Renaming(ids: ids, group: range, first: first)
    for index in range {
      let type = renaming.apply(newTypes[index])
      types.append(type)
      supertypes.append(type.supertype ?? 0)
      kinds.append(Kind(type.composite))
    }
    groups.append(Group(hash: hash.value, first: first, count: UInt32(range.count)))
    slots[slot] = UInt32(groups.count)
    if groups.count * 2 >= slots.count { enlarge() }
    return first
  }

  private func isEqual(
    _ group: Group, _ newTypes: [SubType], _ range: Range<Int>, _ ids: [UInt32]
  ) -> Bool {
    let renaming = Renaming(ids: ids, group: range, first: group.first)
    for (place, index) in range.enumerated()
    where types[Int(group.first) - 1 + place] != renaming.apply(newTypes[index]) {
      return false
    }
    return true
  }

  private mutating func enlarge() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (place, group) in groups.enumerated() {
      var slot = Int(truncatingIfNeeded: group.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(place + 1)
    }
  }

  /// What a group's own types are called while it is hashed: an id that no type has.
  private static let insideMark = UInt32(limit)

  // MARK: Relations.

  /// The family of `heapType`, whose index, if it has one, is an id.
  package func hierarchy(of heapType: HeapType) -> HeapTypeHierarchy {
    guard let id = heapType.typeIndex else { return heapType.abstractHierarchy ?? .any }
    return kind(id) == .function ? .function : .any
  }

  /// nil for 0, which stands for types that no valid module names.
  private func kind(_ id: UInt32) -> Kind? { id == 0 ? nil : kinds[Int(id) - 1] }

  /// The family of references of `type`; nil for numbers and vectors.
  package func hierarchy(of type: ValueType) -> HeapTypeHierarchy? {
    type.heapType.map { hierarchy(of: $0) }
  }

  /// Whether the type `id` is `other` or, by way of declared supertypes, a subtype of it.
  /// Spec: core 3.0 §3.3.3.
  package func isSubtype(_ id: UInt32, of other: UInt32) -> Bool {
    var current = id
    while current != 0 {
      if current == other { return true }
      current = supertypes[Int(current) - 1]
    }
    return false
  }

  /// The supertypes of type `id` and itself, the topmost first.
  package func lineage(of id: UInt32) -> [UInt32] {
    var lineage: [UInt32] = []
    var current = id
    while current != 0 {
      lineage.append(current)
      current = supertypes[Int(current) - 1]
    }
    return lineage.reversed()
  }

  /// Whether a value of type `found` serves where `expected` is asked for; indices in both are ids.
  /// Spec: core 3.0 §3.3.5.
  package func matches(_ found: ValueType, _ expected: ValueType) -> Bool {
    if found == expected || found == .bottom { return true }
    guard let foundHeap = found.heapType, let expectedHeap = expected.heapType,
      expected.isNullableReference || !found.isNullableReference
    else { return false }
    return matches(foundHeap, expectedHeap)
  }

  /// Spec: core 3.0 §3.3.3.
  package func matches(_ found: HeapType, _ expected: HeapType) -> Bool {
    if found == expected || found == .bottom { return true }
    if let id = found.typeIndex {
      if let other = expected.typeIndex { return isSubtype(id, of: other) }
      return switch kind(id) {
      case nil: false
      case .function: expected == .function
      case .structure: expected == .structure || expected == .eq || expected == .any
      case .array: expected == .array || expected == .eq || expected == .any
      }
    }
    switch found {
    case .none: return hierarchy(of: expected) == .any
    case .noFunction: return hierarchy(of: expected) == .function
    case .noExternal: return expected == .external
    case .noException: return expected == .exception
    case .i31, .structure, .array: return expected == .eq || expected == .any
    case .eq: return expected == .any
    default: return false
    }
  }
}

/// How a module's type indices become ids: those of a group by its first type's id, those before
/// it by a list.
private struct Renaming {
  let ids: [UInt32]
  let group: Range<Int>
  let first: UInt32

  func apply(_ index: UInt32) -> UInt32 {
    if Int(index) < ids.count { return ids[Int(index)] }
    // No valid module names what comes later.
    guard group.contains(Int(index)) else { return 0 }
    return first &+ UInt32(Int(index) - group.lowerBound)
  }

  func apply(_ type: ValueType) -> ValueType {
    guard let heapType = type.heapType, let index = heapType.typeIndex else { return type }
    return .reference(.defined(apply(index)), nullable: type.isNullableReference)
  }

  func apply(_ field: FieldType) -> FieldType {
    guard case .value(let type) = field.storage else { return field }
    return FieldType(.value(apply(type)), isMutable: field.isMutable)
  }

  func apply(_ type: SubType) -> SubType {
    guard type.namesTypes else { return type }
    let composite: CompositeType =
      switch type.composite {
      case .function(let function):
        .function(
          FunctionType(
            parameters: function.parameters.map(apply), results: function.results.map(apply)))
      case .structure(let fields): .structure(fields.map(apply))
      case .array(let element): .array(apply(element))
      }
    return SubType(composite, isFinal: type.isFinal, supertype: type.supertype.map(apply))
  }
}

extension SubType {
  /// Whether other types occur in it.
  fileprivate var namesTypes: Bool {
    func isDefined(_ type: ValueType) -> Bool { type.heapType?.isDefined ?? false }
    if supertype != nil { return true }
    return switch composite {
    case .function(let type):
      type.parameters.contains(where: isDefined) || type.results.contains(where: isDefined)
    case .structure(let fields): fields.contains { isDefined($0.storage.unpacked) }
    case .array(let element): isDefined(element.storage.unpacked)
    }
  }
}

/// FNV-1a over the numbers of types.
private struct Hash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  private mutating func add(_ number: UInt32) {
    value = (value ^ UInt64(number)) &* 0x100_0000_01B3
    value ^= value >> 29
  }

  private mutating func add(_ field: FieldType, _ renaming: Renaming) {
    switch field.storage {
    case .i8: add(1)
    case .i16: add(2)
    case .value(let type): add(renaming.apply(type).rawValue)
    }
    add(field.isMutable ? 1 : 0)
  }

  mutating func add(_ type: SubType, _ renaming: Renaming) {
    add(type.supertype.map(renaming.apply) ?? 0)
    switch type.composite {
    case .function(let function):
      add(type.isFinal ? 1 : 2)
      for parameter in function.parameters { add(renaming.apply(parameter).rawValue) }
      add(0)
      for result in function.results { add(renaming.apply(result).rawValue) }
    case .structure(let fields):
      add(type.isFinal ? 3 : 4)
      for field in fields { add(field, renaming) }
    case .array(let element):
      add(type.isFinal ? 5 : 6)
      add(element, renaming)
    }
  }
}
