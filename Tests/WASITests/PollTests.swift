// poll_oneoff waits for time and descriptors, as long as it must and no longer.

import EventLoop
import Glibc
import SystemCalls
import TestSupport
import Testing

@testable import WASI

@Suite(.serialized) struct PollTests {
  private enum Subscription {
    case clock(id: UInt32, timeout: UInt64, flags: UInt16)
    case read(UInt32)
    case write(UInt32)
  }

  private struct Event: Equatable {
    var userData: UInt64
    var error: UInt16
    var type: UInt8
    var byteCount: UInt64
    var flags: UInt16
  }

  private static let millisecond: UInt64 = 1_000_000

  /// Polls; user data are the subscriptions' places. `isOld` lays them out for the older preview.
  private static func poll(
    _ guest: Guest, _ subscriptions: [Subscription], isOld: Bool = false
  ) throws -> [Event] {
    let byteCount = isOld ? 56 : 48
    let shift = isOld ? 8 : 0
    for (index, subscription) in subscriptions.enumerated() {
      let place = 0x10000 + index * byteCount
      guest.store([UInt8](repeating: 0, count: byteCount), at: place)
      guest.store(UInt64(index), at: place)
      switch subscription {
      case .clock(let id, let timeout, let flags):
        guest.store(UInt8(0), at: place + 8)
        guest.store(id, at: place + 16 + shift)
        guest.store(timeout, at: place + 24 + shift)
        guest.store(flags, at: place + 40 + shift)
      case .read(let descriptor):
        guest.store(UInt8(1), at: place + 8)
        guest.store(descriptor, at: place + 16)
      case .write(let descriptor):
        guest.store(UInt8(2), at: place + 8)
        guest.store(descriptor, at: place + 16)
      }
    }
    try #require(guest.call("poll_oneoff", 0x10000, 0x20000, subscriptions.count, 64) == 0)
    return (0..<Int(guest.load(64, as: UInt32.self))).map { index in
      let place = 0x20000 + index * 32
      return Event(
        userData: guest.load(place), error: guest.load(place + 8), type: guest.load(place + 10),
        byteCount: guest.load(place + 16), flags: guest.load(place + 24))
    }
  }

  /// What `body` returns, and how long it took, in nanoseconds.
  private static func timed<Value>(_ body: () throws -> Value) throws -> (Value, UInt64) {
    let start = try Clock.monotonic.now()
    let value = try body()
    return (value, try Clock.monotonic.now() - start)
  }

  private static func guestWithPipe(_ pipe: borrowing Pipe) throws -> Guest {
    try Guest(
      WASIConfiguration(
        standardInput: pipe.reading.descriptor, standardOutput: pipe.writing.descriptor))
  }

  private static func fill(_ pipe: borrowing Pipe, _ text: String) throws {
    var text = text
    try text.withUTF8 { try pipe.writing.descriptor.writeAll(UnsafeRawBufferPointer($0)) }
  }

  @Test(arguments: [UInt32(0), 1])
  func aTimeoutLastsAsLongAsItSays(_ clock: UInt32) throws {
    let guest = try Guest(WASIConfiguration())
    let processTime = try Clock.threadTime.now()
    let (events, time) = try Self.timed {
      try Self.poll(guest, [.clock(id: clock, timeout: 50 * Self.millisecond, flags: 0)])
    }
    #expect(try Clock.threadTime.now() - processTime < 20 * Self.millisecond)
    #expect(events == [Event(userData: 0, error: 0, type: 0, byteCount: 0, flags: 0)])
    #expect(time >= 50 * Self.millisecond)
    #expect(time < 2_000 * Self.millisecond)
  }

  @Test(arguments: [Clock.realtime, .monotonic])
  func anAbsoluteTimeoutIsOverAtItsTime(_ clock: Clock) throws {
    let guest = try Guest(WASIConfiguration())
    let id: UInt32 = clock == .realtime ? 0 : 1
    let until = try clock.now() + 20 * Self.millisecond
    #expect(try Self.poll(guest, [.clock(id: id, timeout: until, flags: 1)]).count == 1)
    #expect(try clock.now() >= until)
    let (events, time) = try Self.timed {
      try Self.poll(guest, [.clock(id: id, timeout: 1, flags: 1)])
    }
    #expect(events.count == 1)
    #expect(time < 1_000 * Self.millisecond)
  }

  @Test func theFirstTimeoutEndsTheWait() throws {
    let guest = try Guest(WASIConfiguration())
    let events = try Self.poll(
      guest,
      [
        .clock(id: 1, timeout: .max, flags: 0),
        .clock(id: 1, timeout: 5 * Self.millisecond, flags: 0),
        .clock(id: 0, timeout: .max, flags: 1),
        .clock(id: 1, timeout: 4 * Self.millisecond, flags: 0),
      ])
    #expect(events.contains { $0.userData == 3 })
    #expect(!events.contains { $0.userData == 0 || $0.userData == 2 })
  }

  @Test func clocksThatCannotBeWaitedForSaySo() throws {
    let guest = try Guest(WASIConfiguration())
    let events = try Self.poll(
      guest,
      [
        .clock(id: 2, timeout: 1, flags: 0), .clock(id: 9, timeout: 1, flags: 0),
        .clock(id: 1, timeout: 1, flags: 2), .clock(id: 1, timeout: .max, flags: 0),
      ])
    #expect(events.map(\.error) == [Expected.notsup, Expected.inval, Expected.inval])
    #expect(events.map(\.userData) == [0, 1, 2])
  }

  @Test func dataInAPipeIsReadinessAndTellsItsSize() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    try Self.fill(pipe, "12345")
    let events = try Self.poll(guest, [.read(0), .clock(id: 1, timeout: .max, flags: 0)])
    #expect(events == [Event(userData: 0, error: 0, type: 1, byteCount: 5, flags: 0)])
  }

  @Test func anEmptyPipeIsWaitedForUntilTheTimeout() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    let processTime = try Clock.threadTime.now()
    let (events, time) = try Self.timed {
      try Self.poll(guest, [.read(0), .clock(id: 1, timeout: 50 * Self.millisecond, flags: 0)])
    }
    #expect(events.map(\.userData) == [1])
    #expect(time >= 50 * Self.millisecond)
    // Waiting is not done by asking again and again.
    #expect(try Clock.threadTime.now() - processTime < 20 * Self.millisecond)
  }

  @Test func theEndOfAPipeIsReadiness() throws {
    let pipe = try FileDescriptor.pipe()
    let reading = try pipe.reading.descriptor.duplicate()
    do {
      let closing = consume pipe
      _ = closing.reading.descriptor
    }
    let guest = try Guest(WASIConfiguration(standardInput: reading.descriptor))
    let events = try Self.poll(guest, [.read(0)])
    #expect(events == [Event(userData: 0, error: 0, type: 1, byteCount: 0, flags: 1)])
    #expect(guest.read(0) == "")
  }

  @Test func writingWaitsForRoomOrForTheReadersEnd() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    #expect(try Self.poll(guest, [.write(1)]).map(\.type) == [2])
    try pipe.writing.descriptor.setStatusFlags([.writeOnly, .nonBlocking])
    let block = String(repeating: "x", count: 4_096)
    while (try? Self.fill(pipe, block)) != nil {}
    let timeout = Subscription.clock(id: 1, timeout: 10 * Self.millisecond, flags: 0)
    #expect(try Self.poll(guest, [.write(1), timeout]).map(\.userData) == [1])
    let writing = try pipe.writing.descriptor.duplicate()
    do {
      let closing = consume pipe
      _ = closing.reading.descriptor
    }
    let other = try Guest(WASIConfiguration(standardOutput: writing.descriptor))
    #expect(try Self.poll(other, [.write(1), timeout]).map(\.userData) == [0])
  }

  @Test func dataThatComesLaterEndsTheWait() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    var thread = pthread_t()
    let number = UnsafeMutableRawPointer(bitPattern: Int(pipe.writing.descriptor.rawValue))
    pthread_create(
      &thread, nil,
      { argument in
        usleep(20_000)
        Glibc.write(Int32(Int(bitPattern: argument)), "x", 1)
        return nil
      }, number)
    defer { pthread_join(thread, nil) }
    let (events, time) = try Self.timed {
      try Self.poll(guest, [.read(0), .clock(id: 1, timeout: 10_000 * Self.millisecond, flags: 0)])
    }
    #expect(events.map(\.userData) == [0])
    #expect(time < 5_000 * Self.millisecond)
  }

  @Test func theDescriptorKeepsItsFlags() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    let before = try pipe.reading.descriptor.statusFlags()
    _ = try Self.poll(guest, [.read(0), .clock(id: 1, timeout: 1, flags: 0)])
    #expect(try pipe.reading.descriptor.statusFlags() == before)
  }

  @Test func filesAreAlwaysReady() throws {
    let directory = try TemporaryDirectory()
    try directory.write("f", "12345")
    let guest = try Guest(directory)
    let rights = Guest.writeRights | Rights.pollReadWrite.rawValue
    let file = UInt32(try guest.descriptor("f", rights: rights))
    let events = try Self.poll(
      guest, [.read(file), .write(file), .clock(id: 1, timeout: .max, flags: 0)])
    #expect(events.map(\.userData) == [0, 1])
    #expect(events.first?.byteCount == 5)
    let null = try FileDescriptor.currentDirectory.open("/dev/null", .readWrite)
    let other = try Guest(WASIConfiguration(standardInput: null.descriptor))
    #expect(try Self.poll(other, [.read(0)]).count == 1)
  }

  @Test func descriptorsWithoutTheRightAnswerWithTheError() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    let events = try Self.poll(guest, [.read(77), .write(0), .read(0)])
    #expect(events.map(\.error) == [Expected.badf, Expected.notcapable])
  }

  @Test func oneDescriptorManyTimesIsWaitedForOnce() throws {
    let pipe = try FileDescriptor.pipe()
    let guest = try Self.guestWithPipe(pipe)
    try Self.fill(pipe, "x")
    let events = try Self.poll(guest, Array(repeating: .read(0), count: 500) + [.write(1)])
    #expect(events.count == 501)
  }

  @Test func theOlderPreviewHasAFieldMore() throws {
    let guest = try Guest(WASIConfiguration(), module: "wasi_unstable")
    let (events, time) = try Self.timed {
      try Self.poll(
        guest,
        [.clock(id: 1, timeout: .max, flags: 0), .clock(id: 1, timeout: 3_000_000, flags: 0)],
        isOld: true)
    }
    #expect(events.map(\.userData) == [1])
    #expect(time >= 3 * Self.millisecond)
  }

  @Test func nothingToWaitForIsAnError() throws {
    let guest = try Guest(WASIConfiguration())
    #expect(guest.call("poll_oneoff", 0x10000, 0x20000, 0, 64) == Expected.inval)
    guest.store(UInt8(9), at: 0x10008)
    #expect(guest.call("poll_oneoff", 0x10000, 0x20000, 1, 64) == Expected.inval)
  }
}
