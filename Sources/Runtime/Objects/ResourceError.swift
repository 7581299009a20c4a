// What a machine or a limit refuses to give to a guest.

package import SystemCalls

/// Memory or address space that cannot be had.
package enum ResourceError: Error, Hashable {
  /// No address space for a reservation of this many bytes, as under `ulimit -v`.
  case reservation(what: String, byteCount: UInt64, Errno)
  /// The kernel does not give this many bytes of memory.
  case commitment(what: String, byteCount: UInt64, Errno)
  /// The configured limit of linear memory is lower than what the module starts with.
  case memoryLimit(wanted: UInt64, limit: UInt64)
  /// A table's minimum size is beyond what this implementation holds.
  case tableLimit(wanted: UInt64, limit: UInt64)
  /// The process or thread cannot be made ready to meet traps.
  case signalHandling(Errno)
  /// The process knows as many types as it can tell apart.
  case tooManyTypes
  /// There is no memory for what the heap of objects keeps about itself.
  case heap
  /// The embedder's allocator does not give what is asked for.
  case refused(what: String, why: String)
}

extension ResourceError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .reservation(let what, let byteCount, let error):
      "cannot reserve \(byteCount) bytes of address space for \(what): \(error)"
    case .commitment(let what, let byteCount, let error):
      "cannot get \(byteCount) bytes for \(what): \(error)"
    case .memoryLimit(let wanted, let limit):
      "the linear memory needs \(wanted) bytes at the start, the limit is \(limit)"
    case .tableLimit(let wanted, let limit):
      "the table needs \(wanted) elements at the start, the limit is \(limit)"
    case .signalHandling(let error): "cannot handle traps: \(error)"
    case .tooManyTypes: "there are too many types in this process"
    case .heap: "there is no memory for the heap of objects"
    case .refused(let what, let why): "there is no room for \(what): \(why)"
    }
  }
}
