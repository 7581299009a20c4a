// The types of what modules import and export.

package import WasmModule

/// A linear memory's type. Spec: core 3.0 §2.3.12.
public struct MemoryType: Hashable, Sendable {
  /// Pages at the start.
  public var minimum: UInt64
  /// Pages at most; nil for as many as there can be.
  public var maximum: UInt64?
  /// Whether threads may use it together. It then needs a maximum.
  public var isShared: Bool
  /// Addresses are i64, not i32.
  public var is64Bit: Bool
  /// log2 of a page's bytes: 16, or 0 with custom page sizes.
  public var pageSizeLog2: UInt8

  public init(
    minimum: UInt64, maximum: UInt64? = nil, isShared: Bool = false, is64Bit: Bool = false,
    pageSizeLog2: UInt8 = 16
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.isShared = isShared
    self.is64Bit = is64Bit
    self.pageSizeLog2 = pageSizeLog2
  }

  package init(_ core: WasmModule.MemoryType) {
    self.init(
      minimum: core.limits.minimum, maximum: core.limits.maximum, isShared: core.limits.isShared,
      is64Bit: core.limits.is64Bit, pageSizeLog2: core.pageSizeLog2)
  }

  package var core: WasmModule.MemoryType {
    WasmModule.MemoryType(
      limits: Limits(minimum: minimum, maximum: maximum, is64Bit: is64Bit, isShared: isShared),
      pageSizeLog2: pageSizeLog2)
  }

  /// Why no memory can have this type; nil where one can. Spec: core 3.0 §3.2.18.
  var fault: String? {
    if pageSizeLog2 != 0 && pageSizeLog2 != 16 { return "pages have 1 or 65536 bytes" }
    let most = core.maximumPageCount
    if minimum > most || maximum ?? 0 > most { return "a memory has \(most) pages at most" }
    if let maximum, minimum > maximum { return "its minimum is above its maximum" }
    if isShared && maximum == nil { return "a shared memory must have a maximum" }
    return nil
  }
}

/// A table's type. Spec: core 3.0 §2.3.13.
public struct TableType: Hashable, Sendable {
  /// A type of references.
  public var element: ValueType
  /// Elements at the start.
  public var minimum: UInt64
  /// Elements at most; nil for as many as there can be.
  public var maximum: UInt64?
  /// Indices are i64, not i32.
  public var is64Bit: Bool

  public init(
    element: ValueType, minimum: UInt64, maximum: UInt64? = nil, is64Bit: Bool = false
  ) {
    self.element = element
    self.minimum = minimum
    self.maximum = maximum
    self.is64Bit = is64Bit
  }

  package init(_ core: WasmModule.TableType) {
    self.init(
      element: ValueType(core.element), minimum: core.limits.minimum, maximum: core.limits.maximum,
      is64Bit: core.limits.is64Bit)
  }

  package var core: WasmModule.TableType {
    WasmModule.TableType(
      element: element.core, limits: Limits(minimum: minimum, maximum: maximum, is64Bit: is64Bit))
  }

  /// Why the host can make no table of this type, full of nulls; nil where it can.
  var fault: String? {
    if !element.core.isNullableReference { return "\(element) has no null to begin with" }
    if let maximum, minimum > maximum { return "its minimum is above its maximum" }
    return nil
  }
}

/// A global's type. Spec: core 3.0 §2.3.10.
public struct GlobalType: Hashable, Sendable {
  public var value: ValueType
  public var isMutable: Bool

  public init(_ value: ValueType, isMutable: Bool) {
    self.value = value
    self.isMutable = isMutable
  }

  package init(_ core: WasmModule.GlobalType) {
    self.init(ValueType(core.value), isMutable: core.isMutable)
  }

  package var core: WasmModule.GlobalType {
    WasmModule.GlobalType(value: value.core, isMutable: isMutable)
  }
}

/// The type of an import or export. Spec: core 3.0 §2.3.16.
public enum ExternType: Hashable, Sendable {
  case function(FunctionType)
  case table(TableType)
  case memory(MemoryType)
  case global(GlobalType)
  /// Its parameters are what an exception carries.
  case tag(FunctionType)

  package init(_ core: WasmModule.ExternType) {
    self =
      switch core {
      case .function(let type): .function(FunctionType(type))
      case .table(let type): .table(TableType(type))
      case .memory(let type): .memory(MemoryType(type))
      case .global(let type): .global(GlobalType(type))
      case .tag(let type): .tag(FunctionType(type))
      }
  }
}
