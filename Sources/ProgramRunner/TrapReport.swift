// A trap in words: the reason, and the functions that were running.

package import DWARF
import WasmModule
import WasmRuntime

/// What to tell of a trap.
package struct TrapReport: Equatable, Sendable {
  /// A line of the backtrace.
  package enum Line: Equatable, Sendable {
    /// `offset` is that of the instruction in the module, where it is known: the program's, or that of
    /// `library`. `location` is the instruction's in the source.
    case function(
      name: String, offset: UInt32?, library: String? = nil, location: SourceLocation? = nil)
    /// So many frames of a deep recursion are left out.
    case omitted(count: UInt64)
  }

  /// The reason alone, such as `unreachable`.
  package var kind: String
  /// The reason, with the address of a bad access.
  package var reason: String
  /// Innermost first.
  package var backtrace: [Line]
  /// Whether the module has names for its functions.
  package var hasNames: Bool

  package init(kind: String? = nil, reason: String, backtrace: [Line] = [], hasNames: Bool = true) {
    self.kind = kind ?? reason
    self.reason = reason
    self.backtrace = backtrace
    self.hasNames = hasNames
  }
}

extension TrapReport {
  init(_ trap: Trap, _ modules: LinkedModules, memoryByteCount: UInt64?) {
    kind = "\(trap)"
    reason = kind
    if let offset = trap.memoryOffset {
      reason += " at 0x\(String(offset, radix: 16))"
      if let memoryByteCount {
        let pages = memoryByteCount >> 16
        reason += " (the memory has \(pages) \(pages == 1 ? "page" : "pages"))"
      }
    }
    if let name = trap.tagName { reason += " of tag " + name }
    var words = ModuleWords(modules)
    backtrace = trap.backtrace.map { words.line(of: $0) }
    hasNames = words.hasNames || backtrace.isEmpty
  }
}

/// What modules have to say of frames, each read once: that takes longer than all else.
private struct ModuleWords {
  private struct Words {
    let library: String?
    let labels: FunctionLabels
    /// Read where there is an instruction to be looked up.
    var lines: SourceLines??
  }

  private let modules: LinkedModules
  private var words: [ObjectIdentifier: Words] = [:]
  /// Whether a function had a name of its own.
  private(set) var hasNames = false

  init(_ modules: LinkedModules) { self.modules = modules }

  mutating func line(of entry: Trap.BacktraceEntry) -> TrapReport.Line {
    switch entry {
    case .omitted(let count): return .omitted(count: count)
    case .frame(let frame):
      guard let module = frame.module else {
        return .function(name: "function \(frame.functionIndex)", offset: nil)
      }
      return line(of: frame, module)
    }
  }

  private mutating func line(
    of frame: Trap.Frame, _ module: WasmRuntime.Module
  ) -> TrapReport.Line {
    let key = ObjectIdentifier(module)
    let library = modules.libraryName(module)
    var own =
      words[key] ?? Words(library: library, labels: FunctionLabels(module, library: library))
    if frame.offset != nil, own.lines == nil { own.lines = .some(module.sourceLines) }
    words[key] = own
    hasNames = hasNames || own.labels.hasName(frame.functionIndex)
    return .function(
      name: own.labels[frame.functionIndex], offset: frame.offset, library: library,
      location: frame.offset.flatMap { offset in
        own.lines.flatMap { $0?.location(ofOffset: offset) }
      })
  }
}
