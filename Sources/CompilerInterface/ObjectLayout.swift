// How structures and arrays lie in memory, and what machine code reads of their types.
//
// A reference of the `any` or `external` family is 64 bits:
//     0                   null
//     …1                  an i31: its 31 bits from bit 1 on, zero-extended
//     …10                 a host's value: its number from bit 2 on
//     …0000               the address of an object, which never moves
// so `any.convert_extern` and `extern.convert_any` do nothing. An object begins with the address of
// its type's record (`TypeRecordLayout`). A structure's fields follow from byte 8 on, each aligned
// to its size (at most 8), in order, so that a subtype begins as its supertype does. An array has
// its length (u32) at byte 8 and its elements from byte 16 on.

package import WasmModule

/// The layout of structures and arrays; offsets are in bytes from the object's start.
package struct ObjectLayout: Sendable {
  /// The address of the type's record; the collector borrows its lowest bits while it works.
  package static let typeRecord = 0
  package static let arrayLength = 8
  package static let arrayElements = 16
  /// Objects begin at multiples of it, and their sizes are multiples.
  package static let alignment = 16

  /// One a field.
  package let offsets: [Int]
  /// The structure's size.
  package let byteCount: Int

  /// The layout of a structure.
  package init(_ fields: [FieldType]) {
    var end = 8
    var offsets: [Int] = []
    offsets.reserveCapacity(fields.count)
    for field in fields {
      let size = field.storage.byteCount
      let alignment = min(size, 8)
      let offset = (end + alignment - 1) & ~(alignment - 1)
      offsets.append(offset)
      end = offset + size
    }
    self.offsets = offsets
    byteCount = (end + Self.alignment - 1) & ~(Self.alignment - 1)
  }
}

/// The record of a canonical type, one in the process, that objects point to.
package enum TypeRecordLayout {
  /// u32: the canonical id.
  package static let id = 0
  /// u32: see `Kind`.
  package static let kind = 4
  /// u32 each: the ids of the topmost supertype and so on down to the type itself, then zeros; at
  /// least `minimumDisplayCount` of them. So a type is a subtype of one at depth d (which has d
  /// supertypes) if it has that one's id there.
  package static let display = 40
  package static let minimumDisplayCount = 8

  package enum Kind: UInt32 {
    case function = 0
    case structure = 1
    case array = 2
  }
}
