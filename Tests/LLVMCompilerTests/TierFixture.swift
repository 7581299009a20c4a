// A program that runs while better code is made for it, without a runner: the memory that both share,
// its calls, and the compiler's command on a thread.

import CompileService
import CompilerInterface
import Synchronization
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

/// A code region as a runner has it mapped: requests, and right behind them the region, read-only,
/// its text executable. Every slot leads to its function's request stub at first, and entry thunks
/// are there.
final class TierRegion {
  let program: TestProgram
  let layout: CodeRegionLayout
  let shared: CodeRegion
  let regionFile: FileDescriptor
  let requestsFile: FileDescriptor
  let text: UInt64
  private let memory: VirtualMemory
  private var entryThunks: [UInt32: Int] = [:]
  /// The VMContext of calls, and their argument area.
  private let context: UnsafeMutableRawPointer
  let area: UnsafeMutableRawPointer

  init(_ program: TestProgram) throws {
    self.program = program
    layout = CodeRegionLayout(program.program.module)
    regionFile = try FileDescriptor.memoryFile(named: "region").take()
    requestsFile = try FileDescriptor.memoryFile(named: "requests").take()
    try regionFile.truncate(to: Int64(layout.byteCount))
    try requestsFile.truncate(to: Int64(layout.requestsByteCount))
    let requests = layout.requestsByteCount
    memory = try VirtualMemory(reserving: requests + layout.byteCount)
    try memory.mapShared(0..<requests, from: requestsFile, fileOffset: 0, .readWrite)
    try memory.mapShared(
      requests..<requests + layout.text, from: regionFile, fileOffset: 0, .readOnly)
    try memory.mapShared(
      requests + layout.text..<requests + layout.byteCount, from: regionFile,
      fileOffset: layout.text, .executable)
    text = UInt64(UInt(bitPattern: memory.start + requests + layout.text))
    shared = try CodeRegion(
      layout, region: regionFile, requests: requestsFile, runnerText: text)
    context = .allocate(byteCount: program.program.layout.byteCount, alignment: 64)
    context.initializeMemory(
      as: UInt8.self, repeating: 0, count: program.program.layout.byteCount)
    area = .allocate(byteCount: CallingConvention.areaByteCount, alignment: 16)
    context.storeBytes(
      of: area, toByteOffset: VMContextLayout.argumentArea, as: UnsafeMutableRawPointer.self)
    try prepare()
  }

  deinit {
    context.deallocate()
    area.deallocate()
    try? regionFile.close()
    try? requestsFile.close()
  }

  /// What the baseline compiler does first.
  private func prepare() throws {
    for function in 0..<layout.functionCount {
      shared.regionWord(CodeRegionLayout.slots + function * 8).value64 =
        shared.requestStub(function)
    }
    let thunks = try ImageLinker.link(
      program.objects([], inlining: 0), .direct,
      importedFunctionCount: program.program.module.importedFunctionCount,
      tableEntries: Array(repeating: false, count: layout.functionCount), entryCode: [])
    var addition = CodeRegion.Addition()
    let stubs = layout.functionCount * CodeRegionLayout.stubByteCount
    addition.bytes = Array(repeating: 0xCC, count: stubs) + thunks.bytes
    for (symbol, offset) in thunks.symbols {
      if case .entryThunk(let type) = symbol { entryThunks[type] = stubs + Int(offset) }
    }
    #expect(shared.add(.baseline, byteLimit: addition.bytes.count) { _ in addition })
    shared.regionWord(CodeRegionLayout.state).value32 = CodeRegionState.ready
  }

  // MARK: The program's side.

  func slot(_ function: Int) -> UInt64 {
    shared.regionWord(CodeRegionLayout.slots + function * 8).value64
  }

  func heat(_ function: Int, _ count: UInt32) {
    shared.requestWord(CodeRegionLayout.heat + function * 4).value32 = count
  }

  /// Gives loop `number` its entry and asks for it.
  func ask(loop number: Int, function: Int, place: Int) {
    let entry = layout.loops + number * CodeRegionLayout.loopByteCount
    shared.regionWord(entry + 8).value32 = UInt32(function)
    shared.regionWord(entry + 12).value32 = UInt32(place)
    shared.regionWord(CodeRegionLayout.loopCount).value32 = UInt32(number + 1)
    let requests = shared.requestWord(CodeRegionLayout.loopRequests)
    let ring = CodeRegionLayout.loopRing + Int(requests.value32 % 64) * 4
    shared.requestWord(ring).value32 = UInt32(number + 1)
    requests.add32(1)
  }

  func loopCode(_ number: Int) -> UInt64 {
    shared.regionWord(layout.loops + number * CodeRegionLayout.loopByteCount).value64
  }

  /// The functions in the log of optimised code, in order of their places.
  var log: [CodeRecord] {
    let count = Int(shared.regionWord(CodeRegionLayout.logCounts + 4).value32)
    return (0..<count).map { index in
      let record = layout.logs[1] + index * CodeRecord.byteCount
      return CodeRecord(
        start: shared.regionWord(record).value32, end: shared.regionWord(record + 4).value32,
        function: shared.regionWord(record + 8).value32)
    }
  }

  /// Calls code at `address`, of the module's type `type`; yields its first result.
  func call(_ address: UInt64, type: UInt32, _ arguments: UInt64...) throws -> UInt64 {
    typealias EntryThunk =
      @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<UInt64>)
      -> Void
    let place = try #require(entryThunks[type])
    let thunk = unsafeBitCast(UInt(text) + UInt(place), to: EntryThunk.self)
    let code = try #require(UnsafeRawPointer(bitPattern: UInt(address)))
    var slots = arguments + [0]
    slots.withUnsafeMutableBufferPointer { thunk(code, context, $0.baseAddress!) }
    return slots[0]
  }

  // MARK: The compiler's side.

  static let identity = ImageIdentity(
    moduleHash: Hash256(bytes: 0..<32),
    compilerBuild: Hash256(bytes: Array(repeating: 0xAB, count: 32)), options: CodegenOptions())

  /// Runs `wasmrun-llvm tier` on a thread, and on another one `whileRunning`; when that returns, the
  /// runner has ended, as far as the compiler can tell. Returns the command's exit status.
  func tierUp(
    work: FileDescriptor?, threadCount: Int = 2, _ whileRunning: @escaping @Sendable () -> Void
  ) throws -> Int32 {
    let module = try FileDescriptor.memoryFile(named: "module").take()
    defer { try? module.close() }
    try module.writeAll(program.program.bytes)
    let life = try Life()
    let identity = Self.identity
    let arguments = [
      "wasmrun-llvm", "tier", "--module-fd", "\(module.rawValue)", "--region-fd",
      "\(regionFile.rawValue)", "--requests-fd", "\(requestsFile.rawValue)", "--work-fd",
      "\(work?.rawValue ?? -1)", "--life-fd", "\(life.reading.rawValue)", "--text",
      "\(text)", "--module-hash", identity.moduleHash.hexadecimal, "--compiler-build",
      identity.compilerBuild.hexadecimal, "--options", "\(identity.options.fingerprint)",
      "--threads", "\(threadCount)",
    ]
    let run = TierRun()
    try runOnThreads(2, stackByteCount: 8 << 20) {
      if run.isStarted.exchange(true, ordering: .relaxed) {
        whileRunning()
        try? life.writing.close()
      } else {
        run.status.store(TierCommand.run(arguments, heldTo: nil), ordering: .relaxed)
      }
    }
    return run.status.load(ordering: .relaxed)
  }
}

/// A pipe whose writing end is closed by hand.
private final class Life: Sendable {
  let reading: FileDescriptor
  let writing: FileDescriptor

  init() throws {
    let pipe = try FileDescriptor.pipe()
    reading = try pipe.reading.descriptor.duplicate().take()
    writing = try pipe.writing.descriptor.duplicate().take()
  }

  deinit { try? reading.close() }
}

private final class TierRun: Sendable {
  let isStarted = Atomic(false)
  let status = Atomic<Int32>(-1)
}

/// Waits until `condition` holds, for half a minute at most; whether it does.
func eventually(_ condition: () -> Bool) -> Bool {
  let end = currentTime() + 30_000_000_000
  while !condition() {
    guard currentTime() < end else { return false }
    try? Clock.monotonic.sleep(until: currentTime() + 1_000_000)
  }
  return true
}

extension FileDescriptor {
  /// All that is in the file.
  var content: [UInt8] { WorkFile.content(of: self) }
}
