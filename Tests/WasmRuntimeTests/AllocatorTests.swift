// Allocators that count, limit, and use room of their own.

import Synchronization
import Testing
import WasmRuntime

/// Counts what is taken and given back; refuses memories that would have more than `limit` bytes
/// together, and more than `globalLimit` globals.
private final class Accountant: Allocator {
  struct Account {
    var memories = 0
    var memoryByteCount = 0
    var globals: [[GlobalType]] = []
    var openBlocks = 0
    var releasedMemories = 0
  }

  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  private let account = Mutex(Account())
  private let limit: Int
  private let globalLimit: Int

  init(limit: Int = .max, globalLimit: Int = .max) {
    self.limit = limit
    self.globalLimit = globalLimit
  }

  var now: Account { account.withLock { $0 } }

  func reserveMemory(_ request: MemoryRequest) throws -> UnsafeMutableRawBufferPointer {
    let room = try SystemAllocator.shared.reserveMemory(request)
    account.withLock { $0.memories += 1 }
    return room
  }

  func commitMemory(_ reservation: UnsafeMutableRawBufferPointer, _ range: Range<Int>) throws {
    guard account.withLock({ $0.memoryByteCount + range.count <= limit }) else {
      throw Refusal(description: "the budget is used up")
    }
    try SystemAllocator.shared.commitMemory(reservation, range)
    account.withLock { $0.memoryByteCount += range.count }
  }

  func releaseMemory(_ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int) {
    account.withLock {
      $0.memoryByteCount -= committedByteCount
      $0.releasedMemories += 1
    }
    SystemAllocator.shared.releaseMemory(reservation, committedByteCount: committedByteCount)
  }

  func allocateGlobals(_ request: GlobalsRequest) throws -> UnsafeMutableRawBufferPointer {
    guard now.globals.joined().count + request.types.count <= globalLimit else {
      throw Refusal(description: "there are enough globals")
    }
    account.withLock {
      $0.globals.append(request.types)
      $0.openBlocks += 1
    }
    return try SystemAllocator.shared.allocateGlobals(request)
  }

  func releaseGlobals(_ block: UnsafeMutableRawBufferPointer) {
    account.withLock { $0.openBlocks -= 1 }
    SystemAllocator.shared.releaseGlobals(block)
  }
}

/// One fixed block for globals, as a pool would have it; memories are the system's.
private final class Pool: Allocator {
  let start: UInt
  private let used = Mutex(0)
  static let byteCount = 1 << 16

  init() {
    start = UInt(
      bitPattern: UnsafeMutableRawPointer.allocate(byteCount: Self.byteCount, alignment: 64))
    // What was there before must not show.
    block.initializeMemory(as: UInt8.self, repeating: 0xA5)
  }

  deinit { block.deallocate() }

  var block: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: start), count: Self.byteCount)
  }

  func allocateGlobals(_ request: GlobalsRequest) throws -> UnsafeMutableRawBufferPointer {
    let place = used.withLock { used in
      let place = (used + request.alignment - 1) / request.alignment * request.alignment
      used = place + request.byteCount
      return place
    }
    return UnsafeMutableRawBufferPointer(rebasing: block[place..<place + request.byteCount])
  }

  func releaseGlobals(_ block: UnsafeMutableRawBufferPointer) {}
}

/// Gives less than machine code rests on.
private final class Miser: Allocator {
  func reserveMemory(_ request: MemoryRequest) throws -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 4_096)
  }

  func releaseMemory(_ reservation: UnsafeMutableRawBufferPointer, committedByteCount: Int) {
    reservation.deallocate()
  }
}

@Suite struct AllocatorTests {
  private static let module = """
    (module
      (memory (export "memory") 1)
      (global (export "a") (mut i32) (i32.const 1))
      (global (export "b") (mut i64) (i64.const 2))
      (global $sum (mut i64) (i64.const 0))
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "touch") (param i32) (result i32)
        (i32.store (local.get 0) (i32.const 7)) (i32.load (local.get 0)))
      (func (export "sum") (result i64)
        (global.set $sum (i64.add (global.get 1) (i64.extend_i32_s (global.get 0))))
        (global.get $sum)))
    """

  @Test func everythingIsCountedAndGivenBack() throws {
    let accountant = Accountant()
    do {
      let store = try Store(allocator: accountant)
      let instance = try Instance(try Module(text: Self.module), in: store)
      let memory = try Memory(MemoryType(minimum: 2, is64Bit: true), in: store)
      let global = try Global(GlobalType(.f64, isMutable: true), .f64(1), in: store)
      #expect(accountant.now.memories == 2)
      #expect(accountant.now.memoryByteCount == 3 << 16)
      #expect(
        accountant.now.globals == [
          [
            GlobalType(.i32, isMutable: true), GlobalType(.i64, isMutable: true),
            GlobalType(.i64, isMutable: true),
          ], [GlobalType(.f64, isMutable: true)],
        ])
      #expect(try instance.function("grow")?(.i32(3)) == [.i32(1)])
      #expect(memory.grow(by: 1) == 2)
      #expect(accountant.now.memoryByteCount == 7 << 16)
      #expect(try instance.function("touch")?(.i32(4 << 16 - 4)) == [.i32(7)])
      #expect(try instance.function("sum")?() == [.i64(3)])
      try global.set(.f64(2))
      #expect(global.value == .f64(2))
      // Beyond the end there is a trap, as in a memory of the kernel's.
      #expect(throws: CallError.self) { try instance.function("touch")?(.i32(4 << 16)) }
    }
    #expect(accountant.now.memoryByteCount == 0)
    #expect(accountant.now.releasedMemories == 2)
    #expect(accountant.now.openBlocks == 0)
  }

  @Test func growthBeyondTheLimitFails() throws {
    let accountant = Accountant(limit: 3 << 16)
    let store = try Store(allocator: accountant)
    let instance = try Instance(try Module(text: Self.module), in: store)
    #expect(try instance.function("grow")?(.i32(3)) == [.i32(-1)])
    #expect(try instance.function("grow")?(.i32(2)) == [.i32(1)])
    #expect(instance.memory("memory")?.grow(by: 1) == nil)
    #expect(accountant.now.memoryByteCount == 3 << 16)
    let error = #expect(throws: ResourceError.self) {
      try Memory(MemoryType(minimum: 1), in: store)
    }
    #expect(error?.kind == .allocator)
    #expect(error?.message.contains("the budget is used up") == true)
    #expect(accountant.now.releasedMemories == 1)
  }

  /// The limit is one for all stores of the allocator.
  @Test func storesShareALimit() throws {
    let accountant = Accountant(limit: 1 << 16)
    let module = try Module(text: Self.module)
    var first: Instance? = try Instance(module, in: try Store(allocator: accountant))
    #expect(throws: InstantiationError.self) {
      try Instance(module, in: try Store(allocator: accountant))
    }
    #expect(first?.memory("memory")?.pageCount == 1)
    first = nil
    _ = try Instance(module, in: try Store(allocator: accountant))
  }

  @Test func globalsAreLimited() throws {
    let store = try Store(allocator: Accountant(globalLimit: 3))
    _ = try Instance(try Module(text: Self.module), in: store)
    let error = #expect(throws: ResourceError.self) {
      try Global(GlobalType(.i32, isMutable: false), .i32(1), in: store)
    }
    #expect(error?.kind == .allocator)
    #expect(error?.message.contains("there are enough globals") == true)
  }

  /// The cells are where the allocator says, those of an instance within its block.
  @Test func globalsLieInAPool() throws {
    let pool = Pool()
    let store = try Store(allocator: pool)
    let instance = try Instance(
      try Module(
        text: #"""
          (module (import "env" "g" (global $g (mut i64)))
            (global (export "own") (mut i64) (i64.const 0x1122334455667788))
            (func (export "set") (global.set $g (i64.const 0x0102030405060708))))
          """#),
      imports: [
        .global(try Global(GlobalType(.i64, isMutable: true), .i64(0), in: store))
      ], in: store)
    try instance.function("set")?()
    let words = pool.block.withMemoryRebound(to: UInt64.self) { Array($0) }
    #expect(words.contains(0x1122_3344_5566_7788))
    #expect(words.contains(0x0102_0304_0506_0708))
  }

  @Test func tooLittleRoomIsRefused() throws {
    let store = try Store(allocator: Miser())
    let error = #expect(throws: ResourceError.self) {
      try Memory(MemoryType(minimum: 1), in: store)
    }
    #expect(error?.kind == .allocator)
  }

  @Test func limitsOfAStore() throws {
    var limits = Store.Limits()
    limits.memoryByteCount = 2 << 16
    limits.tableElementCount = 5
    let store = try Store(limits: limits)
    let memory = try Memory(MemoryType(minimum: 1), in: store)
    #expect(memory.grow(by: 2) == nil)
    #expect(memory.grow(by: 1) == 1)
    #expect(throws: ResourceError.self) { try Memory(MemoryType(minimum: 1), in: store) }
    #expect(throws: ResourceError.self) {
      try Table(TableType(element: .funcref, minimum: 6), in: store)
    }
    #expect(throws: ResourceError.self) {
      try Memory(MemoryType(minimum: 2, maximum: 1), in: store)
    }
    #expect(throws: ResourceError.self) {
      try Memory(MemoryType(minimum: 1, isShared: true), in: store)
    }
  }
}
