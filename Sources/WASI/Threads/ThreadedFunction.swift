// A function of preview 1 as a guest with several threads calls it.

internal import CompilerInterface
internal import Synchronization
internal import SystemCalls

/// The end of a guest with several threads. Thread-safe.
package final class GuestEnd: Sendable {
  private let hasCome = Atomic(false)

  package init() {}

  /// From now on no call of any thread's does anything, or comes back.
  package func come() { hasCome.store(true, ordering: .sequentiallyConsistent) }

  /// Stays here for ever where the guest has ended: the process is about to, and what a thread would
  /// still do until then nobody shall see.
  package func check() {
    if hasCome.load(ordering: .acquiring) { Self.stay() }
  }

  /// Sleeps until the process ends.
  package static func stay() -> Never {
    let hour: UInt64 = 3_600_000_000_000
    while true { try? Clock.monotonic.sleep(until: ((try? Clock.monotonic.now()) ?? 0) + hour) }
  }
}

/// A function between a thread and its context: it holds the descriptors that a call is about.
final class ThreadedFunction {
  private let function: HostFunctionPointer
  private let environment: UnsafeMutableRawPointer?
  /// The arguments that are descriptors.
  private let places: [Int]
  /// Where all that a call does is done alone: a directory's stream of entries has one place.
  private let lock: DirectoryLock?
  private let threads: ThreadSharing
  private unowned let context: WASIContext

  init(
    _ definition: HostFunctionDefinition, _ threads: ThreadSharing, _ context: WASIContext
  ) {
    function = definition.function
    environment = definition.environment
    places = Self.places(in: definition.name)
    lock = definition.name == "fd_readdir" ? threads.directories : nil
    self.threads = threads
    self.context = context
  }

  /// Which arguments of the function of that name are descriptors. WASI preview1.
  static func places(in name: String) -> [Int] {
    switch name {
    case "fd_renumber": [0, 1]
    case "path_rename": [0, 3]
    case "path_link": [0, 4]
    case "path_symlink": [2]
    default: ["fd_", "path_", "sock_"].contains { name.hasPrefix($0) } ? [0] : []
    }
  }

  /// The same function, with this one before it.
  var definition: (function: HostFunctionPointer, environment: UnsafeMutableRawPointer) {
    (
      { environment, slots in
        Unmanaged<ThreadedFunction>.fromOpaque(environment!).takeUnretainedValue().call(slots)
      }, Unmanaged.passUnretained(self).toOpaque()
    )
  }

  func call(_ slots: UnsafeMutablePointer<UInt64>) -> Int32 {
    threads.end.check()
    for place in places {
      guard context.hold(UInt32(truncatingIfNeeded: slots[place])) else {
        context.releaseHeld()
        slots[0] = UInt64(WASIErrno.badFileDescriptor.rawValue)
        return GuestStatus.finished
      }
    }
    let status = lock?.locked { function(environment, slots) } ?? function(environment, slots)
    context.releaseHeld()
    threads.end.check()
    return status
  }
}

/// What the contexts of a guest's threads share.
package final class ThreadSharing: Sendable {
  let holds = DescriptorHolds()
  let directories = DirectoryLock()
  package let end: GuestEnd

  package init(_ end: GuestEnd) { self.end = end }
}

/// Lets one thread after the other read directories.
final class DirectoryLock: Sendable {
  private let lock = Mutex(())

  func locked(_ body: () -> Int32) -> Int32 { lock.withLock { _ in body() } }
}
