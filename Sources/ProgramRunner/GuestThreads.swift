// The threads of a guest, as wasi-threads has them: `wasi.thread-spawn` starts one, which calls the
// export `wasi_thread_start`.
//
// Each thread has a store of its own (stack, argument area, trap record) with an instance that is
// cloned from that of the thread that starts it, and a WASI context of its own. What they share is
// code, shared memories and the guest's descriptors. The first that exits or traps ends all: the
// process ends, whatever the others wait for, and what they would still ask WASI for is not done.

import CompilerInterface
import Synchronization
import SystemCalls
import WASI
import WasmModule
import WasmRuntime

/// All threads of one guest. Thread-safe but for what is said to be for its beginning.
final class GuestThreads: @unchecked Sendable {
  static let spawnModule = "wasi"
  static let spawnName = "thread-spawn"
  static let startName = "wasi_thread_start"
  private static let startType = WasmModule.FunctionType(parameters: [.i32, .i32], results: [])

  let module: RunnableModule
  let limits: Store.Limits
  let sharing = ThreadSharing(GuestEnd())
  /// The guest's first thread: its instance is known once there is one.
  private(set) var main: GuestThread?

  private let maximumCount: Int
  private let note: ((String) -> Void)?
  /// Guards what follows.
  private let changing = Mutex(())
  private var numbers: Set<UInt32> = []
  private var lastNumber: UInt32 = 0
  private var hasRefused = false
  private var hasEnded = false
  private var outcome: Result<RunOutcome, RunnerError>?
  /// Not 0 once there is an outcome.
  private let endWord: UnsafeMutablePointer<UInt32>
  /// What the end of a thread with this store and context means for the run.
  typealias Meaning = (GuestResult, Store, WASIContext) throws(RunnerError) -> RunOutcome
  private var meaning: Meaning?

  /// nil where the module starts no threads. Throws where it cannot, though it wants to.
  init?(
    _ module: RunnableModule, _ libraries: [Library], _ options: RunOptions, _ limits: Store.Limits,
    _ observer: any RunnerObserver
  ) throws(RunnerError) {
    guard options.allowsThreads, module.module.imports.contains(where: Self.isSpawn) else {
      return nil
    }
    let start = module.module.export(named: Self.startName)
    guard let start, start.kind == .function,
      module.module.functionType(start.index) == Self.startType
    else {
      throw .notRunnable(
        module.path,
        "it imports \(Self.spawnModule).\(Self.spawnName), and does not export the function "
          + "\(Self.startName) of the type \(Self.startType)")
    }
    guard module.module.memories.contains(where: \.limits.isShared) else {
      throw .notRunnable(
        module.path,
        "it imports \(Self.spawnModule).\(Self.spawnName), and has no memory that threads share",
        hint: "link it with --shared-memory")
    }
    guard libraries.isEmpty else {
      throw RunnerError(
        .usage, "cannot run '\(module.path)'",
        "a program that starts threads cannot be linked with other modules")
    }
    self.module = module
    self.limits = limits
    maximumCount = options.threadLimit
    nonisolated(unsafe) let observer = observer
    note = observer.wantsNotes ? { observer.note($0) } : nil
    endWord = .allocate(capacity: 1)
    endWord.initialize(to: 0)
  }

  static func isSpawn(_ wanted: WasmModule.Import) -> Bool {
    wanted.module == spawnModule && wanted.name == spawnName
  }

  /// Makes the first thread known, at the beginning.
  func begin(_ store: Store, _ context: WASIContext) {
    context.beginSharing(sharing)
    main = GuestThread(self, store, context)
  }

  // MARK: Numbers.

  /// A number that no thread has, from 1 to 2^29 - 1; nil where there are as many threads as there may
  /// be.
  fileprivate func takeNumber() -> UInt32? {
    changing.withLock { _ in
      guard numbers.count < min(maximumCount, 1 << 28) else {
        if !hasRefused {
          note?("a thread was not started: there are \(maximumCount) (--max-threads)")
        }
        hasRefused = true
        return nil
      }
      repeat {
        lastNumber = lastNumber % ((1 << 29) - 1) + 1
      } while !numbers.insert(lastNumber).inserted
      return lastNumber
    }
  }

  fileprivate func giveBack(_ number: UInt32) {
    changing.withLock { _ in _ = numbers.remove(number) }
  }

  // MARK: The end.

  /// Runs `body` as the guest's first thread, and returns what `meaning` makes of the first end that
  /// there is, be it `body`'s or that of another thread. Nothing of the guest is given back any more:
  /// other threads may be using it until the process ends.
  func run(
    _ body: @escaping () -> GuestResult, meaning: @escaping Meaning
  ) throws(RunnerError) -> RunOutcome {
    self.meaning = meaning
    nonisolated(unsafe) let body = body
    do throws(Errno) {
      try startThread(stackByteCount: GuestThread.hostStackByteCount) {
        self.end(body(), self.main!)
      }
    } catch {
      throw RunnerError(.failed, "cannot start '\(module.path)'", "no thread for it: \(error)")
    }
    let word = SharedWord(endWord)
    while word.value32 == 0 { word.wait(while: 0, nanoseconds: 1_000_000_000) }
    return try changing.withLock { _ in outcome! }.get()
  }

  /// Ends the guest with the end of `thread`, unless it has ended. The calling thread stays here.
  fileprivate func end(_ result: GuestResult, _ thread: GuestThread) -> Never {
    let isFirst = changing.withLock { _ in
      defer { hasEnded = true }
      return !hasEnded
    }
    if isFirst {
      sharing.end.come()
      let outcome = Result<RunOutcome, RunnerError> { () throws(RunnerError) in
        try meaning!(result, thread.store, thread.context)
      }
      changing.withLock { _ in self.outcome = outcome }
      let word = SharedWord(endWord)
      word.value32 = 1
      word.wakeAll()
    }
    GuestEnd.stay()
  }
}

/// One thread of a guest.
final class GuestThread: @unchecked Sendable {
  private unowned let threads: GuestThreads
  fileprivate let store: Store
  fileprivate let context: WASIContext
  /// nil until it is made.
  var instance: Instance?

  /// Of the stack on which Swift calls into the guest, which has another one.
  static let hostStackByteCount = 1 << 20
  /// What `thread-spawn` answers where there is no thread: WASI's `again`, negated.
  private static let refusal: Int32 = -6

  fileprivate init(_ threads: GuestThreads, _ store: Store, _ context: WASIContext) {
    self.threads = threads
    self.store = store
    self.context = context
  }

  /// A thread in the state that `other`, which calls this, is in.
  private init(startedBy other: GuestThread, _ original: Instance) throws {
    threads = other.threads
    store = try Store(limits: threads.limits, besides: other.store)
    context = WASIContext(forThreadBeside: other.context)
    var memories = original.importedMemories.makeIterator()
    let imports = try threads.module.module.imports.map { wanted in
      if GuestThreads.isSpawn(wanted) {
        return Extern.function(try store.makeFunction(spawnFunction))
      }
      if let function = context.function(named: wanted.name, module: wanted.module) {
        return .function(try store.makeFunction(function))
      }
      // `ImportResolver` has found nothing else for a program that starts threads.
      return .memory(memories.next()!)
    }
    instance = try Instance(cloning: original, imports: imports, in: store)
  }

  /// `wasi.thread-spawn` as this thread imports it. It knows the thread by its address alone.
  var spawnFunction: HostFunctionDefinition {
    HostFunctionDefinition(
      module: GuestThreads.spawnModule, name: GuestThreads.spawnName,
      type: WasmModule.FunctionType(parameters: [.i32], results: [.i32]),
      function: { environment, slots in
        let thread = Unmanaged<GuestThread>.fromOpaque(environment!).takeUnretainedValue()
        let number = thread.spawn(UInt32(truncatingIfNeeded: slots[0]))
        slots[0] = UInt64(UInt32(bitPattern: number))
        return GuestStatus.finished
      }, environment: Unmanaged.passUnretained(self).toOpaque())
  }

  /// Starts a thread; its number, or a negative one where that is not possible.
  private func spawn(_ argument: UInt32) -> Int32 {
    threads.sharing.end.check()
    guard let instance, let number = threads.takeNumber() else { return Self.refusal }
    do {
      let thread = try GuestThread(startedBy: self, instance)
      try startThread(stackByteCount: Self.hostStackByteCount) { thread.run(number, argument) }
      return Int32(number)
    } catch {
      threads.giveBack(number)
      return Self.refusal
    }
  }

  private func run(_ number: UInt32, _ argument: UInt32) {
    do throws(CallError) {
      // `GuestThreads` has seen the export.
      let start = instance!.function(GuestThreads.startName)!
      try start(.i32(Int32(bitPattern: number)), .i32(Int32(bitPattern: argument)))
      threads.giveBack(number)
    } catch {
      threads.end(.call(error), self)
    }
  }
}
