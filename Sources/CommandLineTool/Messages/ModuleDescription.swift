// A module for people, and for programs.

package import ProgramRunner
import SystemCalls
import WasmModule

/// What `wasmrun inspect` prints.
package struct ModuleDescription {
  private let inspection: ModuleInspection
  private var module: Module { inspection.module }

  package init(_ inspection: ModuleInspection) { self.inspection = inspection }

  // MARK: Text.

  package var text: String {
    var text = "\(escaped(inspection.path.description)): module, \(inspection.byteCount) bytes\n"
    let features = inspection.features
    text += "features: \(features.isEmpty ? "none" : features.joined(separator: ", "))\n"
    text +=
      "functions: \(module.definedFunctionCount), and \(module.importedFunctionCount) imported\n"
    if let start = module.start { text += "start function: \(start)\n" }
    text += Self.list("memories", module.memories.map { Self.text($0) })
    text += Self.list("tables", module.tables.map { Self.text($0.type) })
    text += Self.list(
      "imports",
      module.imports.map {
        "\(escaped($0.module)).\(escaped($0.name)): \(Self.text(module.type(of: $0)))"
      })
    text += Self.list(
      "exports",
      module.exports.map { "\(escaped($0.name)): \(Self.text(module.type(of: $0)))" })
    text += Self.list(
      "sections",
      inspection.sections.map {
        "\($0.isCustom ? "custom '\(escaped($0.name))'" : $0.name): \($0.byteCount) bytes at "
          + "0x\(String($0.offset, radix: 16))"
      })
    return text
  }

  /// A heading and lines below it; nothing where there are none.
  private static func list(_ heading: String, _ lines: [String]) -> String {
    lines.isEmpty ? "" : "\(heading):\n" + lines.map { "  \($0)\n" }.joined()
  }

  private static func text(_ type: ExternType) -> String {
    switch type {
    case .function(let type): "function \(type)"
    case .table(let type): "table, \(text(type))"
    case .memory(let type): "memory, \(text(type))"
    case .global(let type): "\(type.isMutable ? "mutable " : "")global \(type.value)"
    case .tag(let type): "tag \(type)"
    }
  }

  private static func text(_ type: MemoryType) -> String {
    let pages = type.pageSizeLog2 == 16 ? "pages" : "pages of \(type.pageSize) bytes"
    return "\(text(type.limits)) \(pages)"
  }

  private static func text(_ type: TableType) -> String {
    "\(text(type.limits)) of \(type.element)"
  }

  private static func text(_ limits: Limits) -> String {
    let range =
      limits.maximum.map { "\(limits.minimum) to \($0)" } ?? "\(limits.minimum) or more"
    return (limits.isShared ? "shared, " : "") + (limits.is64Bit ? "64-bit, " : "") + range
  }
}

// MARK: JSON.

extension ModuleDescription {
  /// One object on one line.
  package var json: String {
    let sections = inspection.sections.map { section in
      JSONText.object([
        ("name", JSONText.string(section.name)), ("custom", "\(section.isCustom)"),
        ("offset", "\(section.offset)"), ("bytes", "\(section.byteCount)"),
      ])
    }
    let imports = module.imports.map { item in
      JSONText.object(
        [("module", JSONText.string(item.module)), ("name", JSONText.string(item.name))]
          + Self.members(module.type(of: item)))
    }
    let exports = module.exports.map { item in
      JSONText.object(
        [("name", JSONText.string(item.name)), ("index", "\(item.index)")]
          + Self.members(module.type(of: item)))
    }
    return JSONText.object([
      ("v", "1"), ("path", JSONText.string(inspection.path.description)), ("kind", "\"module\""),
      ("bytes", "\(inspection.byteCount)"),
      ("features", JSONText.array(inspection.features.map { JSONText.string($0) })),
      (
        "functions",
        JSONText.object([
          ("imported", "\(module.importedFunctionCount)"),
          ("defined", "\(module.definedFunctionCount)"),
        ])
      ),
      ("start", module.start.map { "\($0)" } ?? "null"),
      ("memories", JSONText.array(module.memories.map { JSONText.object(Self.members($0)) })),
      ("tables", JSONText.array(module.tables.map { JSONText.object(Self.members($0.type)) })),
      ("imports", JSONText.array(imports)), ("exports", JSONText.array(exports)),
      ("sections", JSONText.array(sections)),
    ]) + "\n"
  }

  private static func members(_ type: ExternType) -> [(String, String)] {
    switch type {
    case .function(let type): [("kind", "\"function\"")] + members(type)
    case .table(let type): [("kind", "\"table\"")] + members(type)
    case .memory(let type): [("kind", "\"memory\"")] + members(type)
    case .global(let type):
      [
        ("kind", "\"global\""), ("type", JSONText.string("\(type.value)")),
        ("mutable", "\(type.isMutable)"),
      ]
    case .tag(let type): [("kind", "\"tag\"")] + members(type)
    }
  }

  private static func members(_ type: FunctionType) -> [(String, String)] {
    [
      ("parameters", JSONText.array(type.parameters.map { JSONText.string("\($0)") })),
      ("results", JSONText.array(type.results.map { JSONText.string("\($0)") })),
    ]
  }

  private static func members(_ type: TableType) -> [(String, String)] {
    [("element", JSONText.string("\(type.element)"))] + members(type.limits)
  }

  private static func members(_ type: MemoryType) -> [(String, String)] {
    members(type.limits) + [("pageBytes", "\(type.pageSize)")]
  }

  private static func members(_ limits: Limits) -> [(String, String)] {
    [
      ("minimum", "\(limits.minimum)"), ("maximum", limits.maximum.map { "\($0)" } ?? "null"),
      ("is64Bit", "\(limits.is64Bit)"), ("shared", "\(limits.isShared)"),
    ]
  }
}
