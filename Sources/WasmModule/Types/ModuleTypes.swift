// The types of what a module imports, exports and defines besides its type definitions.

/// The size range of a memory (in pages) or a table (in elements). Spec: core 3.0 §2.3.11.
package struct Limits: Hashable, Sendable {
  package var minimum: UInt64
  package var maximum: UInt64?
  /// Addresses are i64, not i32.
  package var is64Bit: Bool
  package var isShared: Bool

  package init(
    minimum: UInt64, maximum: UInt64? = nil, is64Bit: Bool = false, isShared: Bool = false
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.is64Bit = is64Bit
    self.isShared = isShared
  }

  /// The type of addresses into it.
  package var addressType: ValueType { is64Bit ? .i64 : .i32 }
}

/// A linear memory's type. Spec: core 3.0 §2.3.12.
package struct MemoryType: Hashable, Sendable {
  package var limits: Limits
  /// log2 of the page's byte count; 16 unless custom page sizes are used.
  package var pageSizeLog2: UInt8 = 16

  package init(limits: Limits, pageSizeLog2: UInt8 = 16) {
    self.limits = limits
    self.pageSizeLog2 = pageSizeLog2
  }

  /// Bytes in a page.
  package var pageSize: UInt64 { 1 << UInt64(pageSizeLog2) }

  /// Pages that a valid memory of this address type and page size has at most: as many as there
  /// are addresses for, and a number that addresses can express. Spec: core 3.0 §3.2.18.
  package var maximumPageCount: UInt64 {
    let addressBits: UInt64 = limits.is64Bit ? 64 : 32
    return pageSizeLog2 == 0
      ? .max >> (64 - addressBits) : 1 << (addressBits - UInt64(pageSizeLog2))
  }
}

/// A table's type. Spec: core 3.0 §2.3.13.
package struct TableType: Hashable, Sendable {
  package var element: ValueType
  package var limits: Limits

  package init(element: ValueType, limits: Limits) {
    self.element = element
    self.limits = limits
  }
}

/// A global's type. Spec: core 3.0 §2.3.10.
package struct GlobalType: Hashable, Sendable, BitwiseCopyable {
  package var value: ValueType
  package var isMutable: Bool

  package init(value: ValueType, isMutable: Bool) {
    self.value = value
    self.isMutable = isMutable
  }
}

/// The type of an import or export. Spec: core 3.0 §2.3.16.
package enum ExternType: Hashable, Sendable {
  case function(FunctionType)
  case table(TableType)
  case memory(MemoryType)
  case global(GlobalType)
  /// Its parameters are what an exception carries; it has no results.
  case tag(FunctionType)
}

/// The kind of an import or export, with the binary format's codes. Spec: core 3.0 §5.4.5.
package enum ExternKind: UInt8, Sendable {
  case function = 0
  case table = 1
  case memory = 2
  case global = 3
  case tag = 4
}
