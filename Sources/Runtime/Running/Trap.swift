// A trap as the host sees it: why, where, and who called whom.

import CRuntime
package import CompilerInterface
import WasmModule

/// The end of a guest's run by a trap. Spec: core 3.0 §4.1.
package struct Trap: Error, Sendable {
  package let code: TrapCode
  /// For an access outside of a linear memory: how far from the memory's base.
  package let memoryOffset: UInt64?
  /// Of an exception that nobody caught: the tag, where an instance defines it.
  package let tag: ThrownTag?
  /// The exception that nobody caught. It belongs to its store, and so to the store's thread.
  package nonisolated(unsafe) let exception: Exception?
  /// Innermost first. Where a host function called back into the guest, the frames behind it
  /// follow those of the callback.
  package private(set) var backtrace: [BacktraceEntry]

  /// Entries that a backtrace has at most, plus one for what is left out: guest and host can call
  /// each other very often.
  package static let maximumEntryCount = 256

  package init(
    code: TrapCode, memoryOffset: UInt64? = nil, tag: ThrownTag? = nil,
    exception: Exception? = nil, backtrace: [BacktraceEntry] = []
  ) {
    self.code = code
    self.memoryOffset = memoryOffset
    self.tag = tag
    self.exception = exception
    self.backtrace = backtrace
  }

  /// Adds frames outside of those known.
  mutating func append(_ frames: [BacktraceEntry]) {
    if backtrace.count + frames.count <= Self.maximumEntryCount {
      backtrace += frames
    } else if backtrace.count > Self.maximumEntryCount,
      case .omitted(let count) = backtrace[Self.maximumEntryCount]
    {
      backtrace[Self.maximumEntryCount] = .omitted(count: count + UInt64(frames.count))
    } else {
      let room = Self.maximumEntryCount - backtrace.count
      backtrace += frames.prefix(room)
      backtrace.append(.omitted(count: UInt64(frames.count - room)))
    }
  }
}

extension Trap: CustomStringConvertible {
  /// The reason in the specification's words.
  package var description: String { code.description }
}

/// A tag, by the module that defines it. Names are not looked up here: whoever prints knows the
/// module that `code` was made from.
package struct ThrownTag: Sendable {
  package let code: LoadedCode
  /// In the module's index space.
  package let index: UInt32
}

/// A line of a backtrace.
package enum BacktraceEntry: Sendable {
  case frame(GuestFrame)
  /// So many frames of a deep recursion were not kept.
  case omitted(count: UInt64)
}

/// A guest function that was running. Names are not looked up here: whoever prints knows the
/// module that `code` was made from.
package struct GuestFrame: Sendable {
  package let code: LoadedCode
  /// In the module's index space.
  package let functionIndex: UInt32
  /// The byte offset in the module of the instruction that was at work, where the code's image says:
  /// for the innermost frame the one that trapped, for the others a call.
  package let wasmOffset: UInt32?
}

extension Store {
  /// Turns what the C side recorded into a backtrace; frames that are no function's are left out.
  func backtrace() -> [BacktraceEntry] {
    let record = trapRecord.pointee
    let firstLimit = Int(WASMRUN_FIRST_FRAMES)
    let lastLimit = UInt64(WASMRUN_LAST_FRAMES)
    let total = record.frame_count
    var entries: [BacktraceEntry] = []
    withUnsafeBytes(of: record.first) { bytes in
      for pc in bytes.bindMemory(to: UInt.self).prefix(Int(clamping: total)) {
        entries += frames(at: pc).map { .frame($0) }
      }
    }
    guard total > UInt64(firstLimit) else { return entries }
    let start = max(UInt64(firstLimit), total > lastLimit ? total - lastLimit : 0)
    if start > UInt64(firstLimit) { entries.append(.omitted(count: start - UInt64(firstLimit))) }
    withUnsafeBytes(of: record.last) { bytes in
      let ring = bytes.bindMemory(to: UInt.self)
      for index in start..<total {
        entries += frames(at: ring[Int(index % lastLimit)]).map { .frame($0) }
      }
    }
    return entries
  }

  /// The frame that `pc` is in, and before it those of bodies that stand in place of calls there.
  private func frames(at pc: UInt) -> [GuestFrame] {
    guard let instance = instances.first(where: { $0.code.contains(pc) }),
      let index = instance.code.definedFunction(at: pc)
    else { return [] }
    let module = instance.module
    let own = UInt32(module.importedFunctionCount + index)
    let offsets = instance.code.wasmOffsets(at: pc, inFunction: index)
    guard !offsets.isEmpty else {
      return [GuestFrame(code: instance.code, functionIndex: own, wasmOffset: nil)]
    }
    return offsets.map { offset in
      GuestFrame(
        code: instance.code, functionIndex: module.function(at: Int(offset)) ?? own,
        wasmOffset: offset)
    }
  }
}
