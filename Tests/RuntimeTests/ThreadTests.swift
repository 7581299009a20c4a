// Stores on several threads: each traps by itself, and what the signal handler reads without a lock
// is right while others change it.

import CRuntime
import CompilerInterface
import Glibc
import Synchronization
import Testing
import WasmModule

@testable import Runtime

/// Runs `body` on threads of its own, each with its number, and waits for all.
private func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  final class Start {
    let number: Int
    let body: @Sendable (Int) -> Void
    init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
      (self.number, self.body) = (number, body)
    }
  }
  let threads = (0..<count).map { number in
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(number, body)).toOpaque()
    pthread_create(
      &thread, nil,
      { argument in
        let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
        start.body(start.number)
        return nil
      }, start)
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
}

@Suite struct ThreadTests {
  @Test func trapsOnManyThreads() {
    for _ in 0..<10 {
      onThreads(8) { number in
        do {
          var limits = Store.Limits()
          limits.stackByteCount = 64 * 1_024
          let (store, instance) = try HandMadeGuest.make(
            [HandMadeCode.trap(UInt8(number % 12 + 1)), HandMadeCode.recurse, HandMadeCode.load],
            memory: Limits(minimum: 1, maximum: 1), limits: limits)
          for _ in 0..<10 {
            let code = TrapCode(rawValue: UInt8(number % 12 + 1))
            #expect(try store.trap(instance.function("0"))?.code == code)
            #expect(try store.trap(instance.function("1"))?.code == .stackExhausted)
            #expect(try store.trap(instance.function("2"), 65_536)?.code == .memoryOutOfBounds)
          }
        } catch {
          Issue.record(error)
        }
      }
    }
  }

  /// Ranges come and go on all threads; each finds its own and nobody's that is gone.
  @Test func ranges() {
    onThreads(4) { number in
      // Addresses that nothing else has: not canonical.
      let base = UInt(1) << 60 + UInt(number) << 40
      for round in 0..<300 {
        let starts = (0..<UInt(round % 100 + 1)).map { base + $0 << 20 }
        for start in starts where !wasmrun_ranges_add(WASMRUN_CODE, start, 4_096) {
          Issue.record("no memory")
        }
        for start in starts {
          let isKnown =
            wasmrun_ranges_contain(WASMRUN_CODE, start)
            && wasmrun_ranges_contain(WASMRUN_CODE, start + 4_095)
          let isTooWide =
            wasmrun_ranges_contain(WASMRUN_CODE, start + 4_096)
            || wasmrun_ranges_contain(WASMRUN_CODE, start - 1)
            || wasmrun_ranges_contain(WASMRUN_MEMORY, start)
          if !isKnown || isTooWide { Issue.record("thread \(number), round \(round)") }
        }
        for start in starts { wasmrun_ranges_remove(WASMRUN_CODE, start) }
        for start in starts where wasmrun_ranges_contain(WASMRUN_CODE, start) {
          Issue.record("still there: thread \(number), round \(round)")
        }
      }
    }
  }

  /// Threads take of one budget as fast as they can: together they get what there is, and no more.
  @Test func threadsShareABudget() {
    let count: UInt64 = 1_000_000
    let budget = ResourceBudget(count)
    let taken = Mutex<UInt64>(0)
    onThreads(4) { _ in
      var own: UInt64 = 0
      while budget.take(1) { own += 1 }
      taken.withLock { $0 += own }
    }
    #expect(taken.withLock { $0 } == count)
  }

  /// Two shared memories of one store grow at the same time, by a byte each time: together they get
  /// what the store may have, and no more.
  @Test func memoriesShareABudget() throws {
    let budget: UInt64 = 60_000
    for _ in 0..<5 {
      var limits = Store.Limits()
      limits.memoryByteCount = budget
      let store = try Store(limits)
      let type = MemoryType(
        limits: Limits(minimum: 0, maximum: budget, isShared: true), pageSizeLog2: 0)
      nonisolated(unsafe) let memories = [try store.makeMemory(type), try store.makeMemory(type)]
      onThreads(2) { number in
        for _ in 0..<budget { _ = memories[number].grow(by: 1) }
      }
      #expect(memories[0].byteCount + memories[1].byteCount == budget)
    }
  }
}
