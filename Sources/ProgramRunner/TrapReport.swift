// A trap in words: the reason, and the functions that were running.

import WasmModule
import WasmRuntime

/// What to tell of a trap.
package struct TrapReport: Equatable, Sendable {
  /// A line of the backtrace.
  package enum Line: Equatable, Sendable {
    /// `offset` is that of the instruction in the module, where it is known.
    case function(name: String, offset: UInt32?)
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
    var hasNames = false
    // Reading names takes longer than all else: once a module.
    var labels: [ObjectIdentifier: FunctionLabels] = [:]
    backtrace = trap.backtrace.map { entry in
      switch entry {
      case .omitted(let count): return .omitted(count: count)
      case .frame(let frame):
        let index = frame.functionIndex
        guard let module = frame.module else {
          return .function(name: "function \(index)", offset: nil)
        }
        let library = modules.libraryName(module)
        let own = labels[ObjectIdentifier(module)] ?? FunctionLabels(module, library: library)
        labels[ObjectIdentifier(module)] = own
        hasNames = hasNames || own.hasName(index)
        // Offsets are told as those of the program's file.
        return .function(name: own[index], offset: library == nil ? frame.offset : nil)
      }
    }
    self.hasNames = hasNames || backtrace.isEmpty
  }
}
