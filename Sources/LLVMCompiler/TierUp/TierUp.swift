// Better code for a program while it runs.
//
// Threads take jobs from the work order. What is done is published at once, and kept: in the work
// file, from which the next run goes on, and in memory, for the image of all functions that takes
// the work file's place in the end.

internal import CompileService
internal import CompilerInterface
internal import Synchronization
internal import SystemCalls
internal import WasmModule

final class TierUp: Sendable {
  private let compiler: UnitCompiler
  private let publisher: UnitPublisher
  private let order: WorkOrder
  private let region: CodeRegion
  private let identity: ImageIdentity
  private let workFile: WorkFile?
  /// For the image, by the least of their functions, none of which is twice there.
  private let objects: Mutex<[UInt32: LinkableObject]>
  private let isWatched = Atomic(false)

  /// Takes over what `workFile` holds, and publishes it. Whatever of it does not fit the program is
  /// left out.
  init(
    _ program: Program, _ region: CodeRegion, _ identity: ImageIdentity, _ workFile: WorkFile?
  ) throws(CompilationError) {
    TargetMachine.initializeBackend()
    compiler = UnitCompiler(program: program, inlining: InliningPlan(program))
    let helpers = try compiler.compileHelpers(try TargetMachine(program.options))
    publisher = UnitPublisher(program, region, helpers: helpers)
    self.region = region
    self.identity = identity
    self.workFile = workFile
    var restored = RestoredWork(program)
    for object in workFile?.takeObjects() ?? [] { restored.add(object, publisher) }
    order = WorkOrder(program, region, done: restored.isDone, wantsImage: workFile != nil)
    objects = Mutex(restored.objects)
  }

  /// Works on `threadCount` threads until `life` tells of the runner's end. If work is under way
  /// then that is not worth waiting for, calls `abandon`, which may end the process.
  func run(
    threadCount: Int, until life: FileDescriptor, abandon: @escaping @Sendable () -> Void
  ) throws(Errno) {
    // Of the threads, which may be fewer than asked for, the first one watches: without that, work
    // would go on when nobody is there.
    try runOnThreads(threadCount + 1, stackByteCount: LLVMCompiler.stackByteCount) { [self] in
      if isWatched.exchange(true, ordering: .relaxed) { work() } else { watch(life, abandon) }
    }
  }

  // MARK: Working.

  private func work() {
    do throws(CompilationError) {
      let target = try TargetMachine(compiler.program.options)
      while let job = order.next() { order.finish(job, succeeded: perform(job, target)) }
    } catch {
      // Without LLVM's target there is no better code.
    }
  }

  /// Does `job`. The program can do without: what fails is left as it is.
  private func perform(_ job: WorkOrder.Job, _ target: borrowing TargetMachine) -> Bool {
    do {
      switch job {
      case .loop(let loop):
        let object = try compiler.compileLoop(
          loop.place, of: loop.function, as: UnitPublisher.symbol(of: loop), target)
        if let object { _ = try publisher.publish(object, loop: loop) }
      case .unit(let unit):
        let object = try compiler.compile(unit, target)
        _ = try publisher.publish(object)
        keep(object, unit)
      case .image: try finishImage(target)
      }
      return true
    } catch {
      return false
    }
  }

  private func keep(_ object: LinkableObject, _ unit: Unit) {
    guard let workFile, let first = unit.functions.first else { return }
    workFile.append(object)
    objects.withLock { $0[first] = object }
  }

  /// Leaves the image of all functions in the work file.
  private func finishImage(_ target: borrowing TargetMachine) throws(CompilationError) {
    let thunks = try compiler.compileThunks(target)
    let objects = self.objects.withLock { objects in
      defer { objects = [:] }
      return objects.sorted { $0.key < $1.key }.map(\.value)
    }
    var contents = try LLVMCompiler.link(objects + [thunks], compiler.program)
    contents.moduleHash = identity.moduleHash
    contents.compilerBuild = identity.compilerBuild
    workFile?.replace(with: contents.encoded())
  }

  // MARK: The runner's end.

  private func watch(_ life: FileDescriptor, _ abandon: () -> Void) {
    while (try? life.isReadable(within: 1_000)) == false {}
    if order.noteRunnersEnd() {
      let end = currentTime() + WorkOrder.graceTime
      let publications = region.regionWord(CodeRegionLayout.publications)
      while order.hasWork, currentTime() < end {
        publications.wait(while: publications.value32, nanoseconds: 10_000_000)
      }
    }
    order.stop()
    if order.hasWork { abandon() }
  }
}

/// What an earlier run left, as far as it fits the program.
private struct RestoredWork {
  /// By the least of their functions.
  private(set) var objects: [UInt32: LinkableObject] = [:]
  /// By place among the defined functions.
  private(set) var isDone: [Bool]
  private let imported: Int

  init(_ program: Program) {
    imported = program.module.importedFunctionCount
    isDone = Array(repeating: false, count: program.module.definedFunctionCount)
  }

  /// Publishes `object`, if it is code of functions that have none yet.
  mutating func add(_ object: LinkableObject, _ publisher: UnitPublisher) {
    guard let places = functions(of: object), let first = places.min(),
      (try? publisher.publish(object)) != nil
    else { return }
    for place in places { isDone[place] = true }
    objects[UInt32(imported + first)] = object
  }

  /// The places of the functions that `object` defines; nil where it is no unit's.
  private func functions(of object: LinkableObject) -> [Int]? {
    var places: Set<Int> = []
    for symbol in object.symbols {
      let definition = symbol.definition
      guard case .function(let index) = symbol.name else {
        // Nothing but functions is shared by name.
        if definition?.isGlobal ?? false { return nil }
        continue
      }
      let place = Int(index) - imported
      guard isDone.indices.contains(place) else { return nil }
      guard let definition else { continue }
      guard definition.isGlobal, definition.offset == 0,
        object.sections[definition.section].isCode, !isDone[place], places.insert(place).inserted
      else { return nil }
    }
    return Array(places)
  }
}
