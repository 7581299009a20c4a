// The sections of a module.

/// A section by its id. Spec: core 3.0 §5.5.2.
enum Section: UInt8, CaseIterable {
  case custom, type, `import`, function, table, memory, global, export, start, element, code, data
  case dataCount
  case tag

  /// The place in the prescribed order; custom sections stand anywhere. The later additions to the
  /// format, tag and data count, do not stand where their ids would put them.
  var order: Int {
    switch self {
    case .custom: 0
    case .type: 1
    case .import: 2
    case .function: 3
    case .table: 4
    case .memory: 5
    case .tag: 6
    case .global: 7
    case .export: 8
    case .start: 9
    case .element: 10
    case .dataCount: 11
    case .code: 12
    case .data: 13
    }
  }
}
