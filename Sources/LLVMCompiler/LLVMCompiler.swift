// wasm to machine code, by LLVM: units in parallel, then one image.

package import CompilerInterface
internal import Synchronization
internal import SystemCalls
package import WasmModule

/// The LLVM compiler.
package enum LLVMCompiler {
  /// Functions done, and all there are.
  package struct Progress: Sendable {
    package var done: Int
    package var total: Int
  }

  /// Compiles a validated module on `threadCount` threads.
  ///
  /// `bytes` are the module's and stay unchanged until this returns. `progress` is called from any
  /// of the threads, one at a time. The contents lack the module's hash and the compiler's build.
  package static func compile(
    _ module: Module, bytes: UnsafeRawBufferPointer, options: CodegenOptions, threadCount: Int,
    progress: @escaping @Sendable (Progress) -> Void
  ) throws(CompilationError) -> CodeImageContents {
    TargetMachine.initializeBackend()
    let program = try Program(module: module, bytes: bytes, options: options)
    let units = Unit.partition(program)
    let queue = CompilationQueue(program, units, InliningPlan(program), progress)
    do {
      try runOnThreads(threadCount, stackByteCount: stackByteCount) { queue.work() }
    } catch {
      throw .failed("cannot start a thread: \(error)")
    }
    return try link(try queue.finish(), program)
  }

  /// LLVM recurses deeply on large functions.
  static let stackByteCount = 256 << 20

  /// The image of `objects`, those of all units and of the thunks.
  static func link(
    _ objects: [LinkableObject], _ program: Program
  ) throws(CompilationError) -> CodeImageContents {
    let linked: LinkedText
    do {
      linked = try ImageLinker.link(
        objects, .direct, importedFunctionCount: program.module.importedFunctionCount,
        tableEntries: program.tableEntries, entryCode: program.tableEntryCode)
    } catch {
      throw .failed("linking: \(error)")
    }
    return try contents(of: linked, program)
  }

  private static func contents(
    of linked: LinkedText, _ program: Program
  ) throws(CompilationError) -> CodeImageContents {
    var contents = CodeImageContents()
    contents.options = program.options
    for record in linked.functions {
      guard let record else { throw .failed("a function was not compiled") }
      contents.functions.append(record)
    }
    let types = program.module.types.indices.map { UInt32($0) }
    contents.entryThunks = types.map { linked.symbols[.entryThunk($0)] }
    contents.hostThunks = types.map { linked.symbols[.hostThunk($0)] }
    contents.pads = linked.pads
    contents.positions = linked.positions
    contents.inlinings = linked.inlinings
    contents.text = linked.bytes
    return contents
  }
}

/// The units of a compilation and what has come of them. Threads take units until none is left or
/// one has failed.
private final class CompilationQueue: Sendable {
  private struct State {
    var next = 0
    var doneFunctions = 0
    var objects: [LinkableObject?]
    var failure: CompilationError?
  }

  private let compiler: UnitCompiler
  private let units: [Unit]
  private let progress: @Sendable (LLVMCompiler.Progress) -> Void
  private let state: Mutex<State>

  init(
    _ program: Program, _ units: [Unit], _ inlining: InliningPlan,
    _ progress: @escaping @Sendable (LLVMCompiler.Progress) -> Void
  ) {
    compiler = UnitCompiler(program: program, inlining: inlining)
    self.units = units
    self.progress = progress
    // The last object is the thunks'.
    state = Mutex(State(objects: Array(repeating: nil, count: units.count + 1)))
  }

  /// Takes units and compiles them.
  func work() {
    do throws(CompilationError) {
      let target = try TargetMachine(compiler.program.options)
      while let index = take() {
        if index == units.count {
          store(try compiler.compileThunks(target), index, functionCount: 0)
        } else {
          let unit = units[index]
          store(try compiler.compile(unit, target), index, functionCount: unit.functions.count)
        }
      }
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  /// The objects, in the units' order whichever thread made them; throws the first failure.
  func finish() throws(CompilationError) -> [LinkableObject] {
    let (objects, failure) = state.withLock { ($0.objects, $0.failure) }
    if let failure { throw failure }
    return objects.compactMap { $0 }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.failure == nil, state.next < state.objects.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func store(_ object: LinkableObject, _ index: Int, functionCount: Int) {
    state.withLock { state in
      state.objects[index] = object
      state.doneFunctions += functionCount
      progress(
        .init(done: state.doneFunctions, total: compiler.program.module.definedFunctionCount))
    }
  }
}
