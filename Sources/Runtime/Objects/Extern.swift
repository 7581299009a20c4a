// What instances export and import. Spec: core 3.0 §4.2.14.

package import WasmModule

/// An external value; valid as long as its store.
package enum Extern {
  case function(Function)
  case table(ReferenceTable)
  case memory(LinearMemory)
  case global(GlobalCell)
  case tag(Tag)

  /// The type that imports are matched with: sizes as they are now.
  package var type: ExternType {
    switch self {
    case .function(let function): .function(function.type)
    case .table(let table): .table(table.currentType)
    case .memory(let memory): .memory(memory.currentType)
    case .global(let global): .global(global.type)
    case .tag(let tag): .tag(tag.type)
    }
  }
}

extension ExternType {
  /// Whether something of this type may be imported as `wanted`; types in both are named by ids.
  /// For functions see `Instantiation.connect`. Spec: core 3.0 §3.3.13.
  func matches(_ wanted: ExternType) -> Bool {
    switch (self, wanted) {
    case (.table(let own), .table(let wanted)):
      own.element == wanted.element && own.limits.matches(wanted.limits)
    case (.memory(let own), .memory(let wanted)):
      own.pageSizeLog2 == wanted.pageSizeLog2 && own.limits.matches(wanted.limits)
        && own.limits.isShared == wanted.limits.isShared
    case (.global(let own), .global(let wanted)):
      own.isMutable == wanted.isMutable
        && (own.isMutable
          ? own.value == wanted.value : TypeRegistry.matches(own.value, wanted.value))
    case (.tag(let own), .tag(let wanted)): own == wanted
    default: false
    }
  }

  /// The type in words, for messages.
  var summary: String {
    switch self {
    case .function(let type): "function \(type)"
    case .table(let type): "table of \(type.limits.summary) \(type.element)"
    case .memory(let type): "memory of \(type.limits.summary) pages"
    case .global(let type): "\(type.isMutable ? "mutable" : "immutable") global \(type.value)"
    case .tag(let type): "tag \(type)"
    }
  }
}

extension Limits {
  fileprivate func matches(_ wanted: Limits) -> Bool {
    guard is64Bit == wanted.is64Bit, minimum >= wanted.minimum else { return false }
    guard let wantedMaximum = wanted.maximum else { return true }
    return maximum.map { $0 <= wantedMaximum } ?? false
  }

  fileprivate var summary: String {
    let range = maximum.map { "\(minimum) to \($0)" } ?? "\(minimum) or more"
    return is64Bit ? "64-bit, \(range)" : range
  }
}
