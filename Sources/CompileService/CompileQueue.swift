// The order of work: what the guest waits for first, then everything else as it stands.

internal import CompilerInterface
internal import Synchronization
internal import SystemCalls

/// Why a function has no code.
package enum CompileFailure: Error, Sendable {
  /// The module is not valid; the message says where.
  case invalid(String)
  /// It has something that the compiler does not have.
  case unsupported(String)
  case failed(String)
}

/// A compiler of functions for a region; each thread has one of its own.
package protocol RegionCompiler: ~Copyable {
  /// Validates and compiles defined functions one after the other, and publishes them. Leaves the
  /// rest once `isUrgent` says so; returns how many it has done, at least one.
  mutating func compile(
    _ functions: Range<Int>, until isUrgent: () -> Bool
  ) throws(CompileFailure) -> Int
}

/// The functions of a region that are still to be compiled. Thread-safe.
package final class CompileQueue: Sendable {
  private struct State {
    /// Requests up to this count are taken, or need nothing any more.
    var served: UInt32 = 0
    /// The first function that the order has not come to.
    var next = 0
    /// By function: somebody has it, or had it.
    var isTaken: [Bool]
    var isEnded = false
  }

  private enum Work {
    case requested(Int)
    case inOrder(Range<Int>)
  }

  /// Bytes of bodies that are compiled at once when nobody waits.
  private static let stretchByteCount = 8 << 10
  /// The longest sleep of a thread that has nothing to do.
  private static let patience: Int64 = 1_000_000_000

  private let region: CodeRegion
  private let bodyByteCounts: [Int]
  private let state: Mutex<State>

  /// `bodyByteCounts` has one number a defined function.
  package init(_ region: CodeRegion, bodyByteCounts: [Int]) {
    self.region = region
    self.bodyByteCounts = bodyByteCounts
    state = Mutex(State(isTaken: Array(repeating: false, count: bodyByteCounts.count)))
  }

  /// Lets all threads return from `work`.
  package func end() {
    state.withLock { $0.isEnded = true }
    region.requestWord(CodeRegionLayout.functionRequests).wakeAll()
  }

  /// Compiles until the queue is ended, or a function that was asked for cannot be compiled, which
  /// ends it. `fail` is told why, before anybody who waits for code is. A thread with
  /// `onlyRequests` leaves what nobody has asked for to others.
  package func work(
    _ compiler: inout some RegionCompiler & ~Copyable, onlyRequests: Bool,
    fail: (CompileFailure) -> Void
  ) {
    let requests = region.requestWord(CodeRegionLayout.functionRequests)
    while true {
      let seen = requests.value32
      let (work, isEnded) = state.withLock { state in
        (take(&state, onlyRequests: onlyRequests), state.isEnded)
      }
      if isEnded { return }
      switch work {
      case .requested(let function):
        do throws(CompileFailure) {
          _ = try compiler.compile(function..<function + 1) { false }
        } catch {
          fail(error)
          region.setState(CodeRegionState.failed)
          return end()
        }
      case .inOrder(let functions):
        do throws(CompileFailure) {
          // The guest should not wait for what nobody has asked for.
          let done = try compiler.compile(functions) { requests.value32 != seen }
          if done < functions.count { giveBack(functions.dropFirst(done), inOrder: true) }
        } catch {
          // Whether that matters shows when one of them is called.
          giveBack(functions, inOrder: false)
        }
      case nil: sleep(seen, requests)
      }
    }
  }

  private func sleep(_ seen: UInt32, _ requests: SharedWord) {
    let sleepers = region.requestWord(CodeRegionLayout.functionSleepers)
    sleepers.add32(1)
    requests.wait(while: seen, nanoseconds: Self.patience)
    sleepers.add32(.max)
  }

  private func take(_ state: inout State, onlyRequests: Bool) -> Work? {
    if let function = takeRequest(&state) { return .requested(function) }
    if onlyRequests { return nil }
    while state.next < bodyByteCounts.count, isDone(state.next, state) { state.next += 1 }
    guard state.next < bodyByteCounts.count else { return nil }
    let start = state.next
    var byteCount = 0
    while state.next < bodyByteCounts.count, byteCount < Self.stretchByteCount,
      !isDone(state.next, state)
    {
      byteCount += bodyByteCounts[state.next]
      state.isTaken[state.next] = true
      state.next += 1
    }
    return .inOrder(start..<state.next)
  }

  /// Lets `functions` be asked for again and, if `inOrder`, have their turn again.
  private func giveBack(_ functions: Range<Int>, inOrder: Bool) {
    state.withLock { state in
      for function in functions { state.isTaken[function] = false }
      if inOrder { state.next = min(state.next, functions.lowerBound) }
      // One of them may have been asked for while it was taken.
      state.served = region.requestWord(CodeRegionLayout.functionRequests).value32 &- 1
    }
  }

  private func isDone(_ function: Int, _ state: State) -> Bool {
    state.isTaken[function] || region.hasCode(function)
  }

  /// The next function asked for that nobody has. What the runner writes is not taken on trust.
  private func takeRequest(_ state: inout State) -> Int? {
    let count = region.requestWord(CodeRegionLayout.functionRequests).value32
    guard count != state.served else { return nil }
    // All places, since the threads that ask do not fill them in order.
    for place in 0..<CodeRegionLayout.ringCapacity {
      let function =
        Int(region.requestWord(CodeRegionLayout.functionRing + place * 4).value32) - 1
      guard function >= 0, function < bodyByteCounts.count, !isDone(function, state) else {
        continue
      }
      state.isTaken[function] = true
      return function
    }
    state.served = count
    return nil
  }
}
