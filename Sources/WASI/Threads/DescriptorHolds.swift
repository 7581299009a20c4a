// Descriptors that several threads use: nobody's file is closed, or its number given away, while
// another thread's call is at it.

internal import Synchronization
internal import SystemCalls

/// Who is at which descriptor of a table. A table without it belongs to one thread.
///
/// A call holds the numbers that it is about before it looks them up. While a number is held its entry
/// stays: closing it only says that whoever lets go of it last is to close the file. So a look-up
/// needs no lock, and the file that it finds is that file until the call ends. Thread-safe.
final class DescriptorHolds: @unchecked Sendable {
  private let lock = Mutex(())
  /// By number: how many calls hold it.
  private var counts: ContiguousArray<UInt32> = []
  /// By number: closed by the guest, but still held.
  private var isClosing: ContiguousArray<Bool> = []

  /// Changes the table, or what is known of it here, alone.
  func changing<Value: Sendable>(
    _ body: () throws(Errno) -> Value
  ) throws(Errno) -> Value {
    // withLock rethrows untyped where the closure's type is inferred.
    let result = lock.withLock { _ in
      Result<Value, Errno> { () throws(Errno) in try body() }
    }
    return try result.get()
  }

  /// Holds `number`; false where it is no open descriptor.
  func hold(_ number: UInt32, in table: UnsafeMutablePointer<DescriptorTable>) -> Bool {
    lock.withLock { _ in
      guard table.pointee.isOpen(number) else { return false }
      let place = Int(number)
      if place >= counts.count {
        let missing = place + 1 - counts.count
        counts.append(contentsOf: repeatElement(0, count: missing))
        isClosing.append(contentsOf: repeatElement(false, count: missing))
      }
      guard !isClosing[place] else { return false }
      counts[place] += 1
      return true
    }
  }

  /// Lets go of `number`, once for each time that it was held.
  func release(_ number: UInt32, in table: UnsafeMutablePointer<DescriptorTable>) {
    let closed = lock.withLock { _ -> FileDescriptor? in
      let place = Int(number)
      counts[place] -= 1
      guard counts[place] == 0, isClosing[place] else { return nil }
      isClosing[place] = false
      return table.pointee.free(number)
    }
    // Its error is nobody's any more.
    try? closed?.close()
  }

  // MARK: While changing.

  /// Lets the last one who holds `number` close it. Throws where somebody did that already.
  func close(_ number: UInt32) throws(Errno) {
    let place = Int(number)
    guard place < counts.count, counts[place] > 0, !isClosing[place] else {
      throw .badFileDescriptor
    }
    isClosing[place] = true
  }

  /// Whether the caller's is the only call that is at `number`.
  func isHeldOnce(_ number: UInt32) -> Bool {
    let place = Int(number)
    return place < counts.count && counts[place] == 1 && !isClosing[place]
  }
}
