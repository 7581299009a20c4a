// Waiting for descriptors and time, by a libuv loop.

internal import CUV
package import SystemCalls

/// What a descriptor can be waited for.
package struct Readiness: Hashable, Sendable {
  /// Reading does not wait: there is data, the end, or an error.
  package var isReadable: Bool
  /// Writing does not wait: there is room, or an error.
  package var isWritable: Bool

  package init(isReadable: Bool = false, isWritable: Bool = false) {
    self.isReadable = isReadable
    self.isWritable = isWritable
  }

  package static let none = Readiness()
}

/// A descriptor, what it is waited for, and what came of it.
package struct PollInterest {
  package var descriptor: FileDescriptor
  package var wanted: Readiness
  package var ready = Readiness.none

  package init(descriptor: FileDescriptor, wanted: Readiness) {
    self.descriptor = descriptor
    self.wanted = wanted
  }
}

/// One libuv loop, for one thread. Making it opens an epoll and an event descriptor, so that whoever
/// never waits should not have one.
package final class EventLoop {
  private let loop: UnsafeMutablePointer<uv_loop_t>
  private let timer: UnsafeMutablePointer<uv_timer_t>
  private var handles: UnsafeMutableBufferPointer<uv_poll_t> = .init(start: nil, count: 0)

  package init() throws(Errno) {
    loop = .allocate(capacity: 1)
    let status = uv_loop_init(loop)
    guard status == 0 else {
      loop.deallocate()
      throw Errno(rawValue: -status)
    }
    timer = .allocate(capacity: 1)
    uv_timer_init(loop, timer)
  }

  deinit {
    close(timer)
    finishClosing()
    uv_loop_close(loop)
    handles.deallocate()
    timer.deallocate()
    loop.deallocate()
  }

  /// Waits until at least one of `interests` is ready, or the monotonic clock shows `deadline`
  /// nanoseconds (nil: no limit), and sets what is ready. No descriptor may be there twice.
  /// Descriptors that the kernel cannot wait for, regular files among them, are ready at once.
  package func wait(
    for interests: UnsafeMutableBufferPointer<PollInterest>, until deadline: UInt64?
  ) throws(Errno) {
    reserveHandles(interests.count)
    var started = 0
    defer {
      for handle in handles[..<started].indices { close(handles.baseAddress! + handle) }
      finishClosing()
    }
    var isReady = false
    for index in interests.indices {
      let interest = interests.baseAddress! + index
      if try start(handles.baseAddress! + started, for: interest) {
        started += 1
      } else {
        interest.pointee.ready = interest.pointee.wanted
        isReady = true
      }
    }
    if isReady {
      // Others may be ready as well, but nothing is waited for.
      uv_run(loop, UV_RUN_NOWAIT)
      return
    }
    try run(until: deadline) { interests.contains { $0.ready != .none } }
  }

  private func run(until deadline: UInt64?, _ isDone: () -> Bool) throws(Errno) {
    while !isDone() {
      if let deadline {
        let now = try Clock.monotonic.now()
        // Once more without waiting: what is ready counts even if time is up.
        if now >= deadline {
          uv_run(loop, UV_RUN_NOWAIT)
          return
        }
        // The loop counts milliseconds; rounded up, and looked at again if it woke too early.
        uv_update_time(loop)
        uv_timer_start(timer, { _ in }, (deadline - now) / 1_000_000 + 1, 0)
      }
      uv_run(loop, UV_RUN_ONCE)
      uv_timer_stop(timer)
    }
  }

  /// Lets libuv watch a descriptor; false where the kernel has no way to.
  private func start(
    _ handle: UnsafeMutablePointer<uv_poll_t>, for interest: UnsafeMutablePointer<PollInterest>
  ) throws(Errno) -> Bool {
    let descriptor = interest.pointee.descriptor
    let flags = try descriptor.statusFlags()
    let status = uv_poll_init(loop, handle, descriptor.rawValue)
    if status == UV_EPERM.rawValue { return false }
    guard status == 0 else { throw Errno(rawValue: -status) }
    // libuv makes it non-blocking, and with it the terminal or pipe that other processes share.
    if !flags.contains(.nonBlocking) { try? descriptor.setStatusFlags(flags) }

    handle.pointee.data = UnsafeMutableRawPointer(interest)
    var events: UInt32 = 0
    if interest.pointee.wanted.isReadable { events |= UV_READABLE.rawValue }
    if interest.pointee.wanted.isWritable { events |= UV_WRITABLE.rawValue }
    uv_poll_start(handle, Int32(events)) { handle, status, events in
      let interest = handle!.pointee.data.assumingMemoryBound(to: PollInterest.self)
      // An error is news for whoever waits: the read or write that follows tells it.
      guard status == 0 else {
        interest.pointee.ready = interest.pointee.wanted
        return
      }
      if UInt32(events) & UV_READABLE.rawValue != 0 { interest.pointee.ready.isReadable = true }
      if UInt32(events) & UV_WRITABLE.rawValue != 0 { interest.pointee.ready.isWritable = true }
    }
    return true
  }

  private func reserveHandles(_ count: Int) {
    guard handles.count < count else { return }
    handles.deallocate()
    handles = .allocate(capacity: count)
  }

  private func close<Handle>(_ handle: UnsafeMutablePointer<Handle>) {
    let handle = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
    uv_close(handle, nil)
  }

  /// A handle's memory is libuv's until the loop ran once after its closing.
  private func finishClosing() {
    uv_run(loop, UV_RUN_NOWAIT)
  }
}
