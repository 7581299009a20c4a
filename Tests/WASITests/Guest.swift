// A guest without a WebAssembly engine: memory, a context, and calls through the C pointers.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import WASI

/// Error numbers of preview 1 that tests expect.
enum Expected {
  static let success: UInt16 = 0
  static let badf: UInt16 = 8
  static let exist: UInt16 = 20
  static let fault: UInt16 = 21
  static let ilseq: UInt16 = 25
  static let inval: UInt16 = 28
  static let isdir: UInt16 = 31
  static let loop: UInt16 = 32
  static let mfile: UInt16 = 33
  static let nametoolong: UInt16 = 37
  static let noent: UInt16 = 44
  static let nospc: UInt16 = 51
  static let notdir: UInt16 = 54
  static let notempty: UInt16 = 55
  static let notsock: UInt16 = 57
  static let notsup: UInt16 = 58
  static let perm: UInt16 = 63
  static let rofs: UInt16 = 69
  static let spipe: UInt16 = 70
  static let acces: UInt16 = 2
  static let notcapable: UInt16 = 76
}

/// An argument of a call.
protocol Argument: Sendable {
  var slot: UInt64 { get }
}

extension Int: Argument {
  /// What a machine leaves in the upper half of an i32 must not matter; i64 arguments are UInt64.
  var slot: UInt64 { UInt64(UInt32(truncatingIfNeeded: self)) | 0xDEAD_BEEF << 32 }
}

extension UInt64: Argument {
  var slot: UInt64 { self }
}

/// A guest's memory and world.
final class Guest {
  static let memoryByteCount = 1 << 20
  let context: WASIContext
  let module: String
  private let memory: UnsafeMutableRawBufferPointer
  private let definition: UnsafeMutablePointer<MemoryDefinition>
  private let slots: UnsafeMutablePointer<UInt64>
  private var functions: [String: HostFunctionDefinition] = [:]

  init(_ configuration: WASIConfiguration, module: String = "wasi_snapshot_preview1") throws {
    context = try WASIContext(configuration)
    self.module = module
    memory = .allocate(byteCount: Self.memoryByteCount, alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    definition = .allocate(capacity: 1)
    definition.initialize(
      to: MemoryDefinition(base: memory.baseAddress, byteCount: UInt64(Self.memoryByteCount)))
    slots = .allocate(capacity: 16)
    context.memory = GuestMemory(definition: definition)
  }

  /// A guest with a directory at descriptor 3.
  convenience init(
    _ directory: TemporaryDirectory, isReadOnly: Bool = false,
    strategy: BeneathStrategy = .available, module: String = "wasi_snapshot_preview1"
  ) throws {
    var configuration = WASIConfiguration(
      preopens: [
        try Preopen.open(hostPath: directory.path, guestPath: "/", isReadOnly: isReadOnly)
      ])
    configuration.beneathStrategy = strategy
    try self.init(configuration, module: module)
  }

  deinit {
    memory.deallocate()
    definition.deallocate()
    slots.deallocate()
  }

  /// Calls a function; returns the error number.
  @discardableResult
  func call(_ name: String, _ arguments: any Argument...) -> UInt16 {
    call(name, arguments)
  }

  func call(_ name: String, _ arguments: [any Argument]) -> UInt16 {
    let function = functions[name] ?? context.function(named: name, module: module)!
    functions[name] = function
    for (index, argument) in arguments.enumerated() { slots[index] = argument.slot }
    let status = function.function(function.environment, slots)
    #expect(status == GuestStatus.finished)
    return UInt16(slots[0])
  }

  /// Calls `proc_exit`, which leaves the guest.
  func exit(_ status: Int) -> Int32 {
    let function = context.function(named: "proc_exit", module: module)!
    slots[0] = status.slot
    return function.function(function.environment, slots)
  }

  // MARK: Memory

  func load<Value: FixedWidthInteger>(_ address: Int, as type: Value.Type = Value.self) -> Value {
    memory.loadUnaligned(fromByteOffset: address, as: Value.self)
  }

  func store<Value: FixedWidthInteger>(_ value: Value, at address: Int) {
    memory.storeBytes(of: value, toByteOffset: address, as: Value.self)
  }

  func store(_ bytes: some Collection<UInt8>, at address: Int) {
    for (index, byte) in bytes.enumerated() { memory[address + index] = byte }
  }

  func bytes(at address: Int, count: Int) -> [UInt8] { Array(memory[address..<address + count]) }

  func text(at address: Int, count: Int) -> String {
    String(decoding: bytes(at: address, count: count), as: UTF8.self)
  }

  // MARK: Calls with their arguments put into memory. Results are at `resultAddress`.

  static let resultAddress = 64
  static let pathAddress = 0x1000
  static let otherPathAddress = 0x3000
  static let bufferAddress = 0x8000

  /// A path's address and length; a path of its own place for calls that take two.
  func path(_ path: String, at address: Int = pathAddress) -> [any Argument] {
    store(path.utf8, at: address)
    return [address, path.utf8.count]
  }

  static let allRights: UInt64 = (1 << 30) - 1
  static let readRights = Rights([.fdRead, .fdSeek, .fdTell, .fdGetStatus]).rawValue
  static let writeRights = readRights | Rights([.fdWrite, .fdSetSize, .fdAllocate]).rawValue

  struct OpenResult: Equatable {
    var error: UInt16
    var descriptor: Int
  }

  func open(
    _ path: String, in directory: Int = 3, follow: Bool = true, oflags: Int = 0,
    rights: UInt64 = readRights, inheriting: UInt64 = allRights, fdflags: Int = 0
  ) -> OpenResult {
    let error = call(
      "path_open",
      [directory, follow ? 1 : 0] + self.path(path) + [
        oflags, rights, inheriting, fdflags, Self.resultAddress,
      ])
    return OpenResult(
      error: error, descriptor: error == 0 ? Int(load(Self.resultAddress, as: UInt32.self)) : -1)
  }

  /// Opens what must open.
  func descriptor(
    _ path: String, in directory: Int = 3, oflags: Int = 0, rights: UInt64 = readRights,
    fdflags: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Int {
    let result = open(path, in: directory, oflags: oflags, rights: rights, fdflags: fdflags)
    try #require(result.error == 0, sourceLocation: sourceLocation)
    return result.descriptor
  }

  /// Writes text; returns the error number, and leaves the count at `resultAddress`.
  func write(_ text: String, to descriptor: Int) -> UInt16 {
    store(text.utf8, at: Self.bufferAddress)
    store(UInt32(Self.bufferAddress), at: 128)
    store(UInt32(text.utf8.count), at: 132)
    return call("fd_write", descriptor, 128, 1, Self.resultAddress)
  }

  /// Reads at most `count` bytes; nil on an error.
  func read(_ descriptor: Int, count: Int = 4_096) -> String? {
    store(UInt32(Self.bufferAddress), at: 128)
    store(UInt32(count), at: 132)
    guard call("fd_read", descriptor, 128, 1, Self.resultAddress) == 0 else { return nil }
    return text(at: Self.bufferAddress, count: Int(load(Self.resultAddress, as: UInt32.self)))
  }

  struct Status: Equatable {
    var inode: UInt64
    var fileType: UInt8
    var linkCount: UInt64
    var byteCount: UInt64
    var modificationTime: UInt64
  }

  /// The status that a call left at `resultAddress`.
  var status: Status {
    Status(
      inode: load(Self.resultAddress + 8), fileType: load(Self.resultAddress + 16),
      linkCount: load(Self.resultAddress + 24), byteCount: load(Self.resultAddress + 32),
      modificationTime: load(Self.resultAddress + 48))
  }

  func getStatus(_ path: String, follow: Bool = true, in directory: Int = 3) -> UInt16 {
    call(
      "path_filestat_get",
      [directory, follow ? 1 : 0] + self.path(path) + [Self.resultAddress])
  }
}
