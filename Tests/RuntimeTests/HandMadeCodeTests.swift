// Entering, leaving and trapping, with machine code written by hand.

import CompilerInterface
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

@Suite struct HandMadeCodeTests {
  @Test func callsAndReturns() throws {
    let (store, instance) = try HandMadeGuest.make([HandMadeCode.add])
    #expect(try store.call(instance.function("0"), 40, 2) == 42)
    #expect(try store.call(instance.function("0"), .max, 2) == 1)
  }

  @Test(arguments: TrapCode.allCases) func trapInstruction(_ code: TrapCode) throws {
    let (store, instance) = try HandMadeGuest.make([
      HandMadeCode.add, HandMadeCode.trap(code.rawValue),
    ])
    let trap = try #require(try store.trap(instance.function("1")))
    #expect(trap.code == code)
    #expect(trap.functionIndices == [1])
    // The store is as good as new.
    #expect(try store.call(instance.function("0"), 1, 2) == 3)
  }

  @Test func divisionByZero() throws {
    let (store, instance) = try HandMadeGuest.make([HandMadeCode.divide])
    #expect(try store.call(instance.function("0"), 42, 6) == 7)
    #expect(try store.trap(instance.function("0"), 42, 0)?.code == .integerDivideByZero)
  }

  @Test(
    arguments: [
      (address: 65_532, offset: 0, isInside: true), (65_533, 0, false), (65_535, 1, false),
      (0, 65_536, false), (0xFFFF_FFFF, 0, false), (0xFFFF_FFFF, 0xFFFF_FFFF, false),
    ] as [(address: UInt64, offset: UInt64, isInside: Bool)])
  func memoryAccess(address: UInt64, offset: UInt64, isInside: Bool) throws {
    let (store, instance) = try HandMadeGuest.make(
      [HandMadeCode.load], memory: Limits(minimum: 1, maximum: 1))
    guard !isInside else {
      #expect(try store.call(instance.function("0"), address, offset) == 0)
      return
    }
    let trap = try #require(try store.trap(instance.function("0"), address, offset))
    #expect(trap.code == .memoryOutOfBounds)
    #expect(trap.memoryOffset! >= 65_536)
    // The address of the first byte that is outside, wherever the access began.
    #expect(trap.memoryOffset == max(address + offset, 65_536))
    #expect(trap.functionIndices == [0])
  }

  @Test func memoryGrowth() throws {
    let (store, instance) = try HandMadeGuest.make(
      [HandMadeCode.load, HandMadeCode.callBuiltin(.memoryGrow)],
      memory: Limits(minimum: 1, maximum: 3))
    let memory = try #require(instance.memory("memory"))
    #expect(try store.trap(instance.function("0"), 65_536)?.code == .memoryOutOfBounds)
    #expect(try store.call(instance.function("1"), 1) == 1)
    #expect(try store.call(instance.function("0"), 65_536) == 0)
    #expect(memory.pageCount == 2)
    #expect(try store.call(instance.function("1"), 2) == .max)
    #expect(try store.call(instance.function("1"), 1) == 2)
    #expect(try store.call(instance.function("1"), 0) == 3)
    #expect(try store.call(instance.function("1"), .max) == .max)
    #expect(memory.pageCount == 3)
  }

  @Test func stackOverflow() throws {
    let (store, instance) = try HandMadeGuest.make([HandMadeCode.add, HandMadeCode.recurse])
    for _ in 0..<2 {
      let trap = try #require(try store.trap(instance.function("1")))
      #expect(trap.code == .stackExhausted)
      // 64 frames, a gap, and the last 32, of which the outermost belong to thunks.
      let frames = trap.functionIndices
      #expect(frames.prefix(64) == Array(repeating: 1, count: 64)[...])
      #expect(frames[64] == nil)
      #expect(frames.dropFirst(65).count >= 30)
      #expect(frames.dropFirst(65).allSatisfy { $0 == 1 })
      guard case .omitted(let count) = trap.backtrace[64] else { return }
      // Each frame of `recurse` takes 16 bytes.
      #expect(count + 96 > (16 << 20) / 16 - 64 && count + 96 < (16 << 20) / 16 + 64)
    }
    #expect(try store.call(instance.function("0"), 1, 2) == 3)
  }

  @Test func smallStack() throws {
    var limits = Store.Limits()
    limits.stackByteCount = 1 << 20
    let (store, instance) = try HandMadeGuest.make([HandMadeCode.recurse], limits: limits)
    let trap = try #require(try store.trap(instance.function("0")))
    guard case .omitted(let count) = trap.backtrace[64] else {
      Issue.record("no gap")
      return
    }
    #expect(count < (1 << 20) / 16)
  }

  /// The position before the trapping instruction leads to its place in the module.
  @Test func wasmOffset() throws {
    let store = try Store()
    let bytes = StableBytes(WasmBuilder.exporting(count: 1).build())
    store.keepAlive(bytes)
    var contents = CodeImageContents(functions: [HandMadeCode.trap(1)])
    // Behind `push rbp; mov rbp, rsp`.
    let place = contents.functions[0].body + 4
    contents.positions = [
      PositionRecord(codeOffset: place - 2, wasmOffset: 77),
      PositionRecord(codeOffset: place + 1, wasmOffset: 78),
    ]
    let instance = try store.instantiate(
      try Module.decode(bytes.buffer), bytes: bytes.buffer, code: try LoadedCode.load(contents),
      imports: [])
    let trap = try #require(try store.trap(instance.function("0")))
    guard case .frame(let frame) = trap.backtrace.first else {
      Issue.record("no frame")
      return
    }
    #expect(frame.wasmOffset == 77)
    #expect(frame.functionIndex == 0)
    #expect(frame.code === instance.code)
  }

  // MARK: Host functions.

  @Test func hostFunction() throws {
    let subtract = HostFunctionDefinition(
      module: "host", name: "subtract", type: handMadeType,
      function: { _, slots in
        slots[0] -= slots[1]
        return GuestStatus.finished
      }, environment: nil)
    let offset = try HandMadeGuest.importOffset(0, of: 1)
    let (store, instance) = try HandMadeGuest.make(
      [HandMadeCode.call(at: offset)], hostFunctions: [subtract])
    #expect(try store.call(instance.function("0"), 50, 8) == 42)
  }

  @Test func hostFunctionStatuses() throws {
    let fail = HostFunctionDefinition(
      module: "host", name: "fail", type: handMadeType,
      function: { _, slots in Int32(truncatingIfNeeded: slots[0]) }, environment: nil)
    let (store, instance) = try HandMadeGuest.make(
      [HandMadeCode.call(at: try HandMadeGuest.importOffset(0, of: 1))], hostFunctions: [fail])
    let function = instance.function("0")
    let trap = try #require(try store.trap(function, UInt64(TrapCode.unreachable.rawValue)))
    #expect(trap.code == .unreachable)
    #expect(trap.functionIndices == [1])
    for status: UInt64 in [128, 129, 255, 0xFFFF_FFFF] {
      #expect { try store.call(function, status) } throws: { error in
        if case .stopped = error as? InvocationError { true } else { false }
      }
    }
  }
}
