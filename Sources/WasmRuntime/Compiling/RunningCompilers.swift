// The compilers that work while a guest runs: the baseline compiler in a copy of this process, and
// the program wasmrun-llvm once the run has lasted a while.
//
// Both write into a code region (`CodeRegionLayout`), which this process has mapped to read and to
// execute only. wasmrun-llvm is started by a third process, the launcher, which waits for one byte
// and does nothing else: so nothing that has read the module in earnest starts a program.

import BaselineCompiler
import CompileService
package import CompilerInterface
import Runtime
import Sandbox
import Synchronization
package import SystemCalls
package import WasmModule

/// Compilers at work for one module. The baseline compiler's process ends with this one, wasmrun-llvm
/// soon afterwards.
package final class RunningCompilers {
  package let code: CompiledCode
  private let region: MappedCodeRegion
  private let report: OwnedDescriptor
  private let life: OwnedDescriptor
  /// Open as long as this process runs: the baseline compiler has the other end. The signal that a
  /// parent's death sends does not arrive, since the locked-down runner may not send any.
  private var presence: OwnedDescriptor?
  private let optimizer: OptimizerLauncher?
  private let isRecorded: Bool

  /// When and by what functions are replaced while they run.
  package struct TierUp {
    /// wasmrun-llvm.
    let program: OSString
    /// What the image is to say of itself.
    let identity: CompilerProcess.Identity
    let delayNanoseconds: Int64
    /// Where the image is left and what was done before is found; nil for nowhere.
    package var workFile: FileDescriptor?

    package init(
      program: OSString, identity: CompilerProcess.Identity, delayNanoseconds: Int64
    ) {
      self.program = program
      self.identity = identity
      self.delayNanoseconds = delayNanoseconds
    }
  }

  /// Starts compiling `module`, whose declarations are valid and which the baseline compiler can
  /// compile. `bytes` must stay valid as long as the process. What was made is told to `recorder` when
  /// this process has ended, if not before. This process must have one thread only. Throws what the
  /// kernel says.
  package init(
    _ module: WasmModule.Module, _ bytes: UnsafeRawBufferPointer, _ options: CodegenOptions,
    _ tierUp: TierUp?, _ recorder: (any CodeRecorder)?
  ) throws(Errno) {
    isRecorded = recorder != nil
    let layout = CodeRegionLayout(module)
    let files = try CodeRegionFiles(layout)
    region = try MappedCodeRegion(layout, files)
    code = CompiledCode(LoadedCode(region))
    let reports = try FileDescriptor.pipe()
    let lives = try FileDescriptor.pipe()
    report = try reports.reading.descriptor.duplicate()
    let presences = try FileDescriptor.pipe()
    presence = try presences.writing.descriptor.duplicate()
    life = try lives.reading.descriptor.duplicate()
    try life.descriptor.setStatusFlags(.nonBlocking)
    region.setLifeDescriptor(life.descriptor)
    if let tierUp {
      optimizer = try OptimizerLauncher(bytes, tierUp, files, textAddress: region.textAddress)
    } else {
      optimizer = nil
    }
    let work = BaselineWork(
      module: module, bytes: bytes, options: options, layout: layout,
      textAddress: UInt64(region.textAddress), tierUpDelay: tierUp?.delayNanoseconds,
      recorder: recorder)
    try ChildProcess(
      forkingWith: [
        files.region.descriptor, files.requests.descriptor, reports.writing.descriptor,
        lives.writing.descriptor, optimizer?.wake ?? lives.writing.descriptor,
        presences.reading.descriptor,
      ] + (recorder.map { [$0.descriptor] } ?? [])
    ) { work.run() }.release()
    optimizer?.closeWake()
  }

  /// Waits until code can be called; false where there will be none, for the reason in `lastReport`.
  package func waitUntilReady() -> Bool {
    region.waitUntilReady(isCompilerGone: { isCompilerGone })
  }

  private var isCompilerGone: Bool {
    withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
      (try? life.descriptor.read(into: byte)) == 0
    }
  }

  /// What the baseline compiler's process said, for a function that was called and has no code. To be
  /// asked once, when that has happened. How the process ended is not in it: the sandbox allows no
  /// waiting for others.
  package func lastReport() -> CompilerReport {
    var found = CompilerReport()
    try? report.descriptor.readLines { found.error = found.error ?? CompilerMessage($0) }
    return found
  }

  /// Lets the compilers end, and waits until what they made is recorded, if somebody records it.
  package func finishRecording() {
    guard isRecorded else { return }
    presence = nil
    try? life.descriptor.setStatusFlags([])
    _ = isCompilerGone
  }

  /// What ran, in words.
  package var summary: String {
    let counts = region.publishedCounts
    return "code of \(counts.baseline) functions by the baseline compiler"
      + (optimizer == nil ? "" : ", of \(counts.optimized) functions and loops by LLVM")
  }
}

/// What the forked child does.
private struct BaselineWork {
  let module: WasmModule.Module
  let bytes: UnsafeRawBufferPointer
  let options: CodegenOptions
  let layout: CodeRegionLayout
  let textAddress: UInt64
  let tierUpDelay: Int64?
  let recorder: (any CodeRecorder)?

  // Where the child finds its descriptors.
  private static let first = ChildProcess.firstDescriptor
  private static let region = FileDescriptor(rawValue: first)
  private static let requests = FileDescriptor(rawValue: first + 1)
  private static let report = FileDescriptor(rawValue: first + 2)
  private static let wake = FileDescriptor(rawValue: first + 4)
  private static let presence = FileDescriptor(rawValue: first + 5)
  private static let record = FileDescriptor(rawValue: first + 6)

  /// Returns the child's exit status; in fact it works until it is killed, or fails.
  func run() -> Int32 {
    do throws(CompileFailure) {
      try work()
      return 0
    } catch {
      Self.report(error)
      return 1
    }
  }

  private static func report(_ failure: CompileFailure) {
    try? report.writeLine(failure.reportLine)
  }

  private func work() throws(CompileFailure) {
    let threadCount = availableProcessorCount()
    let region: CodeRegion
    do throws(Errno) {
      region = try CodeRegion(
        layout, region: Self.region, requests: Self.requests, runnerText: textAddress)
    } catch {
      throw .failed("\(error)")
    }
    do throws(LockDownError) {
      _ = try SandboxPolicy.runningCompiler.apply(
        reportingTo: Self.report, before: "error failed its sandbox forbids the system call ",
        after: "\n")
    } catch {
      throw .failed("cannot lock the compiler down: \(error)")
    }
    do throws(BaselineError) {
      let baseline = try BaselineRegion(
        module, bytes: bytes, options: options, region: region, counts: tierUpDelay != nil)
      try baseline.prepare()
      try start(threadCount, baseline, region)
    } catch {
      throw CompileFailure(error)
    }
  }

  private func start(
    _ threadCount: Int, _ baseline: BaselineRegion, _ region: CodeRegion
  ) throws(BaselineError) {
    let delay = tierUpDelay
    let ending = Ending(
      recorder: recorder, region: region, importedFunctionCount: module.importedFunctionCount)
    let threadsBegun = Atomic(0)
    do throws(Errno) {
      try runOnThreads(threadCount + (delay == nil ? 1 : 2), stackByteCount: 1 << 20) {
        switch threadsBegun.add(1, ordering: .relaxed).oldValue {
        case 0: ending.comeWithTheRunners(Self.presence, Self.record)
        // Sleeps while the guest runs, and has the guest's processor while the guest waits.
        case 1: Self.work(baseline, onlyRequests: threadCount > 1)
        case 2:
          if let delay { Self.wakeOptimizer(after: delay, region) } else { Self.work(baseline) }
        default: Self.work(baseline)
        }
      }
    } catch {
      throw .failed("cannot start a thread: \(error)")
    }
  }

  /// Compiles; comes back, and ends the process, only after a failure.
  private static func work(_ baseline: BaselineRegion, onlyRequests: Bool = false) {
    baseline.work(onlyRequests: onlyRequests) { report($0) }
    CurrentProcess.exit(1)
  }

  private static func wakeOptimizer(after delay: Int64, _ region: CodeRegion) {
    // A word that never changes.
    let word = region.regionWord(CodeRegionLayout.textOffset)
    word.wait(while: word.value32, nanoseconds: delay)
    try? wake.writeAll([1])
  }
}

/// The end of the compiler's process.
private struct Ending: @unchecked Sendable {
  let recorder: (any CodeRecorder)?
  let region: CodeRegion
  let importedFunctionCount: Int

  /// Ends the process when the runner has ended: then nobody has the other end of `presence` open.
  /// However that was, the recorder knows of all code afterwards.
  func comeWithTheRunners(_ presence: FileDescriptor, _ record: FileDescriptor) {
    let count = withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
      (try? presence.read(into: byte)) ?? 0
    }
    guard count == 0 else { return }
    if let recorder {
      recorder.record(CodeStage.allCases.flatMap(functions), to: record)
    }
    CurrentProcess.exit(0)
  }

  private func functions(of stage: CodeStage) -> [RunningFunction] {
    region.published(stage).map { record in
      RunningFunction(
        index: UInt32(importedFunctionCount) + record.function, stage: stage,
        address: region.address(ofText: Int(record.start)), code: region.text(of: record))
    }
  }
}
