// The descriptors that one call waits for.

internal import EventLoop
internal import SystemCalls

/// A set of descriptors, each once however often it is asked for. Kept from call to call, so that
/// waiting allocates only for more descriptors than ever before.
struct PollSet {
  /// What a descriptor is waited for.
  enum Direction {
    case reading
    case writing
  }

  private var interests: ContiguousArray<PollInterest> = []
  /// By descriptor: its place in `interests`, counted from 1; 0 for those that are not there.
  private var places: ContiguousArray<Int32> = []

  var isEmpty: Bool { interests.isEmpty }

  mutating func removeAll() {
    for interest in interests { places[Int(interest.descriptor.rawValue)] = 0 }
    interests.removeAll(keepingCapacity: true)
  }

  /// Adds what a descriptor shall be waited for.
  mutating func insert(_ file: FileDescriptor, _ direction: Direction) {
    let number = Int(file.rawValue)
    if number >= places.count {
      places.append(contentsOf: repeatElement(0, count: number + 1 - places.count))
    }
    if places[number] == 0 {
      interests.append(PollInterest(descriptor: file, wanted: .none))
      places[number] = Int32(interests.count)
    }
    switch direction {
    case .reading: interests[Int(places[number]) - 1].wanted.isReadable = true
    case .writing: interests[Int(places[number]) - 1].wanted.isWritable = true
    }
  }

  /// Whether a descriptor of the set is ready, after `wait`.
  func isReady(_ file: FileDescriptor, _ direction: Direction) -> Bool {
    let number = Int(file.rawValue)
    guard number < places.count, places[number] != 0 else { return false }
    let ready = interests[Int(places[number]) - 1].ready
    return direction == .reading ? ready.isReadable : ready.isWritable
  }

  /// Waits until one of them is ready, or the monotonic clock shows `deadline`.
  mutating func wait(on loop: EventLoop, until deadline: UInt64?) throws(Errno) {
    // withUnsafeMutableBufferPointer rethrows untyped.
    let result = interests.withUnsafeMutableBufferPointer { interests in
      Result<Void, Errno> { () throws(Errno) in
        for index in interests.indices { interests[index].ready = .none }
        try loop.wait(for: interests, until: deadline)
      }
    }
    try result.get()
  }
}
