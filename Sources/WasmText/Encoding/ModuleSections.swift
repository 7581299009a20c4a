// The sections of the module under construction. Spec: core 3.0 §5.5.

/// A section that is a sequence of entries.
struct SectionContent {
  var bytes: [UInt8] = []
  var count: UInt32 = 0
}

/// The sections in the order in which a module has them.
enum SectionKind: UInt8, CaseIterable {
  case type = 1
  case `import` = 2
  case function = 3
  case table = 4
  case memory = 5
  case tag = 13
  case global = 6
  case export = 7
  case start = 8
  case element = 9
  case dataCount = 12
  case code = 10
  case data = 11
}

/// Where a custom section stands among the others.
struct CustomPlacement: Hashable {
  /// Nil with `isAfter`: behind all sections; nil without: before them.
  var section: SectionKind?
  var isAfter: Bool
}

/// All sections; `module()` puts them together.
struct ModuleSections {
  private var contents = Array(
    repeating: SectionContent(), count: SectionKind.allCases.count + 1)
  /// Custom sections in the order in which they came.
  private var customs: [CustomPlacement: [UInt8]] = [:]
  var startFunction: UInt32?
  /// Whether an instruction names a data segment, which decoders want to know beforehand.
  var needsDataCount = false

  subscript(kind: SectionKind) -> SectionContent {
    get { contents[Int(kind.rawValue)] }
    _modify { yield &contents[Int(kind.rawValue)] }
  }

  mutating func addCustom(
    name: some Collection<UInt8>, _ content: [UInt8], at place: CustomPlacement
  ) {
    var section: [UInt8] = []
    section.appendSized(name)
    section += content
    customs[place, default: []].append(0)
    customs[place, default: []].appendSized(section)
  }

  /// The module's bytes.
  func module() -> [UInt8] {
    var module: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00]
    module.reserveCapacity(contents.reduce(1024) { $0 + $1.bytes.count + 16 })
    appendCustoms(CustomPlacement(section: nil, isAfter: false), to: &module)
    for kind in SectionKind.allCases {
      appendCustoms(CustomPlacement(section: kind, isAfter: false), to: &module)
      append(kind, to: &module)
      appendCustoms(CustomPlacement(section: kind, isAfter: true), to: &module)
    }
    appendCustoms(CustomPlacement(section: nil, isAfter: true), to: &module)
    return module
  }

  private func append(_ kind: SectionKind, to module: inout [UInt8]) {
    var number: [UInt8] = []
    switch kind {
    case .start:
      guard let startFunction else { return }
      number.appendUnsigned(startFunction)
    case .dataCount:
      guard needsDataCount else { return }
      number.appendUnsigned(self[.data].count)
    default:
      guard self[kind].count > 0 else { return }
      number.appendUnsigned(self[kind].count)
    }
    module.append(kind.rawValue)
    module.appendUnsigned(UInt(number.count + self[kind].bytes.count))
    module += number
    module += self[kind].bytes
  }

  private func appendCustoms(_ place: CustomPlacement, to module: inout [UInt8]) {
    if let sections = customs[place] { module += sections }
  }
}
