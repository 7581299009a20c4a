// poll_oneoff: waiting for time and for descriptors.

internal import SystemCalls

extension Preview1 {
  static func pollOneoff(_ environment: Environment, _ slots: Slots) -> Int32 {
    GuestCall.answer(environment, slots) { call throws(Errno) in
      try call.poll(.snapshot)
    }
  }
}

extension GuestCall {
  /// poll_oneoff, in either preview's layout.
  func poll(_ layout: SubscriptionLayout) throws(Errno) {
    let count = Int(i32(2))
    guard count > 0 else { throw .invalidArgument }
    var poll = Poll(
      context: context, layout: layout, count: count,
      subscriptions: try bytes(at: i32(0), count: count * layout.byteCount),
      events: try bytes(at: i32(1), count: count * Poll.eventByteCount),
      startTime: try Clock.monotonic.now())
    let eventCount = try result(3, as: UInt32.self)
    eventCount.store(UInt32(try poll.run()))
  }
}

/// One call of poll_oneoff. It reads the subscriptions twice, before and after waiting, and keeps
/// nothing of them, however many the guest says there are.
private struct Poll {
  static let eventByteCount = 32

  let context: WASIContext
  let layout: SubscriptionLayout
  let count: Int
  let subscriptions: UnsafeMutableRawBufferPointer
  let events: UnsafeMutableRawBufferPointer
  /// Of the monotonic clock: what relative timeouts count from.
  let startTime: UInt64
  var eventCount = 0

  /// What is waited for, found out from the subscriptions.
  private struct Plan {
    /// Some subscription needs no waiting.
    var isReady = false
    /// The timeout that is over first, on its own clock.
    var first: Timeout?
    /// When that is, by the monotonic clock.
    var deadline: UInt64?
  }

  /// Waits until there are events and stores them; says how many.
  mutating func run() throws(Errno) -> Int {
    // A clock that is set back while waiting for it makes another turn.
    while eventCount == 0 {
      let plan = try plan()
      if plan.isReady || !context.pollSet.isEmpty {
        if !context.pollSet.isEmpty {
          let deadline = plan.isReady ? startTime : plan.deadline
          try context.pollSet.wait(on: try context.eventLoop(), until: deadline)
        }
      } else if let first = plan.first {
        try first.clock.sleep(until: first.time)
      }
      try storeEvents()
    }
    return eventCount
  }

  private func plan() throws(Errno) -> Plan {
    var plan = Plan()
    context.pollSet.removeAll()
    for index in 0..<count {
      switch try subscription(index) {
      case .refused: plan.isReady = true
      case .timeout(let timeout):
        let deadline = try monotonicTime(of: timeout)
        if deadline < plan.deadline ?? .max || plan.first == nil {
          plan.first = timeout
          plan.deadline = deadline
        }
      case .descriptor(let file, let kind, let direction):
        if kind == .regular || kind == .directory {
          plan.isReady = true
        } else {
          context.pollSet.insert(file, direction)
        }
      }
    }
    return plan
  }

  /// When a timeout will be over by the monotonic clock, if nobody sets the other one.
  private func monotonicTime(of timeout: Timeout) throws(Errno) -> UInt64 {
    guard timeout.clock == .realtime else { return timeout.time }
    let now = try Clock.realtime.now()
    return timeout.time <= now ? 0 : saturatingSum(try Clock.monotonic.now(), timeout.time - now)
  }

  private mutating func storeEvents() throws(Errno) {
    for index in 0..<count {
      switch try subscription(index) {
      case .refused(let error): storeEvent(index, WASIErrno(error))
      case .timeout(let timeout):
        if try timeout.clock.now() >= timeout.time { storeEvent(index, .success) }
      case .descriptor(let file, let kind, let direction):
        let isReady =
          kind == .regular || kind == .directory
          || context.pollSet.isReady(file, direction)
        if isReady { storeReadiness(index, file, kind, direction) }
      }
    }
  }

  private mutating func storeReadiness(
    _ index: Int, _ file: FileDescriptor, _ kind: DescriptorKind,
    _ direction: PollSet.Direction
  ) {
    guard direction == .reading else { return storeEvent(index, .success) }
    let byteCount = (try? file.readableByteCount()) ?? 0
    // Ready, but without data: the other end is closed.
    let isHangUp = byteCount == 0 && (kind == .pipe || kind == .socket)
    storeEvent(index, .success, byteCount: byteCount, isHangUp: isHangUp)
  }

  /// Stores the event of a subscription. WASI preview1 `event`.
  private mutating func storeEvent(
    _ index: Int, _ error: WASIErrno, byteCount: Int = 0, isHangUp: Bool = false
  ) {
    let subscription = index * layout.byteCount
    let userData: UInt64 = subscriptions.field(at: subscription)
    let type: UInt8 = subscriptions.field(at: subscription + SubscriptionLayout.typeOffset)
    let event = eventCount * Self.eventByteCount
    UnsafeMutableRawBufferPointer(rebasing: events[event..<event + Self.eventByteCount])
      .initializeMemory(as: UInt8.self, repeating: 0)
    events.store(userData, at: event)
    events.store(error.rawValue, at: event + 8)
    events.store(type, at: event + 10)
    events.store(UInt64(byteCount), at: event + 16)
    events.store(UInt16(isHangUp ? 1 : 0), at: event + 24)
    eventCount += 1
  }
}

/// A time to wait for, by a clock.
private struct Timeout {
  var clock: Clock
  /// Nanoseconds that the clock will show.
  var time: UInt64
}

/// What one subscription asks for.
private enum Subscription {
  case timeout(Timeout)
  case descriptor(FileDescriptor, DescriptorKind, PollSet.Direction)
  /// It cannot be waited for, which is its event.
  case refused(Errno)
}

extension Poll {
  /// Reads a subscription. Throws `.invalidArgument` for one of an unknown type.
  private func subscription(_ index: Int) throws(Errno) -> Subscription {
    let place = index * layout.byteCount
    let type: UInt8 = subscriptions.field(at: place + SubscriptionLayout.typeOffset)
    switch type {
    case 0: return timeout(at: place)
    case 1: return descriptor(at: place, .reading, needing: [.pollReadWrite, .fdRead])
    case 2: return descriptor(at: place, .writing, needing: [.pollReadWrite, .fdWrite])
    default: throw .invalidArgument
    }
  }

  private func timeout(at place: Int) -> Subscription {
    let flags: UInt16 = subscriptions.field(at: place + layout.clockFlagsOffset)
    let time: UInt64 = subscriptions.field(at: place + layout.timeoutOffset)
    guard let clock = try? Clock(preview1: subscriptions.field(at: place + layout.clockOffset)),
      flags & ~1 == 0
    else { return .refused(.invalidArgument) }
    // While the guest waits it uses no processor time: such a clock would never get there.
    guard clock == .realtime || clock == .monotonic else { return .refused(.notSupported) }
    if flags == 1 { return .timeout(Timeout(clock: clock, time: time)) }
    // Setting the clock changes nothing about a duration.
    return .timeout(Timeout(clock: .monotonic, time: saturatingSum(startTime, time)))
  }

  private func descriptor(
    at place: Int, _ direction: PollSet.Direction, needing rights: Rights
  ) -> Subscription {
    let number: UInt32 = subscriptions.field(at: place + SubscriptionLayout.descriptorOffset)
    do throws(Errno) {
      guard context.hold(number) else { return .refused(.badFileDescriptor) }
      let file = try context.table.pointee.file(number, needing: rights)
      return .descriptor(file, context.table.pointee.kind(number), direction)
    } catch {
      return .refused(error)
    }
  }
}

/// The offsets in `subscription`, where the older preview has one field more.
struct SubscriptionLayout {
  static let typeOffset = 8
  static let descriptorOffset = 16

  let byteCount: Int
  let clockOffset: Int
  let timeoutOffset: Int
  let clockFlagsOffset: Int

  static let snapshot = SubscriptionLayout(
    byteCount: 48, clockOffset: 16, timeoutOffset: 24, clockFlagsOffset: 40)
  static let unstable = SubscriptionLayout(
    byteCount: 56, clockOffset: 24, timeoutOffset: 32, clockFlagsOffset: 48)
}

private func saturatingSum(_ first: UInt64, _ second: UInt64) -> UInt64 {
  let (sum, overflows) = first.addingReportingOverflow(second)
  return overflows ? .max : sum
}
