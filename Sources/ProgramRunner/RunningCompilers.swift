// The compilers that work while a guest runs: the baseline compiler in a copy of this process, and
// the program wasmrun-llvm once the run has lasted a while.
//
// Both write into a code region (`CodeRegionLayout`), which this process has mapped to read and to
// execute only. wasmrun-llvm is started by a third process, the launcher, which waits for one byte
// and does nothing else: so nothing that has read the module in earnest starts a program.

import BaselineCompiler
import CodeCache
import CompileService
import CompilerInterface
import Runtime
import Sandbox
import Synchronization
import SystemCalls
import WasmModule
import WasmRuntime

/// Compilers at work for one module. The baseline compiler's process ends with this one, wasmrun-llvm
/// soon afterwards.
final class RunningCompilers {
  let code: LoadedCode
  private let path: OSString
  private let region: MappedCodeRegion
  private let report: OwnedDescriptor
  private let life: OwnedDescriptor
  /// Open as long as this process runs: the baseline compiler has the other end. The signal that a
  /// parent's death sends does not arrive, since the locked-down runner may not send any.
  private var presence: OwnedDescriptor?
  private let optimizer: OptimizerLauncher?
  private let isProfiled: Bool

  /// When and by what functions are replaced while they run.
  struct TierUp {
    let compiler: CompilerProgram
    let key: CacheKey
    let delayNanoseconds: Int64
    /// Where the image is left and what was done before is found; nil for nowhere.
    var workFile: FileDescriptor?
  }

  /// Starts compiling `module`, whose declarations are valid and which the baseline compiler can
  /// compile. What they make is written to `profile` when this process has ended, if not before. This
  /// process must have one thread only.
  init(
    _ file: ModuleFile, _ module: WasmModule.Module, _ options: CodegenOptions, _ tierUp: TierUp?,
    _ profile: ProfileFile?
  ) throws(RunnerError) {
    path = file.path
    isProfiled = profile != nil
    do throws(Errno) {
      let layout = CodeRegionLayout(module)
      let files = try CodeRegionFiles(layout)
      region = try MappedCodeRegion(layout, files)
      code = LoadedCode(region)
      let reports = try FileDescriptor.pipe()
      let lives = try FileDescriptor.pipe()
      report = try reports.reading.descriptor.duplicate()
      let presences = try FileDescriptor.pipe()
      presence = try presences.writing.descriptor.duplicate()
      life = try lives.reading.descriptor.duplicate()
      try life.descriptor.setStatusFlags(.nonBlocking)
      region.setLifeDescriptor(life.descriptor)
      if let tierUp {
        optimizer = try OptimizerLauncher(
          file, tierUp, files, textAddress: region.textAddress)
      } else {
        optimizer = nil
      }
      let work = BaselineWork(
        file: file, module: module, options: options, layout: layout,
        textAddress: UInt64(region.textAddress), tierUpDelay: tierUp?.delayNanoseconds,
        profile: profile)
      try ChildProcess(
        forkingWith: [
          files.region.descriptor, files.requests.descriptor, reports.writing.descriptor,
          lives.writing.descriptor, optimizer?.wake ?? lives.writing.descriptor,
          presences.reading.descriptor,
        ] + (profile.map { [$0.descriptor] } ?? [])
      ) { work.run() }.release()
      optimizer?.closeWake()
    } catch {
      throw RunnerError(.failed, "cannot compile '\(file.path)'", "\(error)")
    }
  }

  /// Waits until code can be called; throws why there will be none.
  func waitUntilReady() throws(RunnerError) {
    if !region.waitUntilReady(isCompilerGone: { isCompilerGone }) { throw failure() }
  }

  private var isCompilerGone: Bool {
    withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
      (try? life.descriptor.read(into: byte)) == 0
    }
  }

  /// Why a function that was called has no code. To be asked once, when that has happened.
  func failure() -> RunnerError {
    // How the process ended cannot be asked: the sandbox allows no waiting for others.
    var found = CompilerReport()
    try? report.descriptor.readLines { found.error = found.error ?? CompilerMessage($0) }
    do throws(RunnerError) {
      try found.check(path, hint: "--compiler=llvm has all that wasmrun knows")
    } catch {
      return error
    }
    return RunnerError(
      .failed, "cannot compile '\(path)'", "the compiler's process has ended",
      hint: "it may have been out of memory")
  }

  /// Lets the compilers end, and waits until the profile is written, if there is one.
  func finishProfile() {
    guard isProfiled else { return }
    presence = nil
    try? life.descriptor.setStatusFlags([])
    _ = isCompilerGone
  }

  /// What ran, in words.
  var summary: String {
    let counts = region.publishedCounts
    return "code of \(counts.baseline) functions by the baseline compiler"
      + (optimizer == nil ? "" : ", of \(counts.optimized) functions and loops by LLVM")
  }
}

/// What the forked child does.
private struct BaselineWork {
  let file: ModuleFile
  let module: WasmModule.Module
  let options: CodegenOptions
  let layout: CodeRegionLayout
  let textAddress: UInt64
  let tierUpDelay: Int64?
  let profile: ProfileFile?

  // Where the child finds its descriptors.
  private static let first = ChildProcess.firstDescriptor
  private static let region = FileDescriptor(rawValue: first)
  private static let requests = FileDescriptor(rawValue: first + 1)
  private static let report = FileDescriptor(rawValue: first + 2)
  private static let wake = FileDescriptor(rawValue: first + 4)
  private static let presence = FileDescriptor(rawValue: first + 5)
  private static let profileFile = FileDescriptor(rawValue: first + 6)

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
        module, bytes: file.bytes, options: options, region: region, counts: tierUpDelay != nil)
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
    let profile = profile.map {
      RegionProfile(
        file: $0.moved(to: Self.profileFile), region: region, module: module, bytes: file.bytes)
    }
    let threadsBegun = Atomic(0)
    do throws(Errno) {
      try runOnThreads(threadCount + (delay == nil ? 1 : 2), stackByteCount: 1 << 20) {
        switch threadsBegun.add(1, ordering: .relaxed).oldValue {
        case 0: Self.endWithTheRunner(profile)
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

  /// Ends the process when the runner has ended: then nobody has the pipe's other end open. However
  /// that was, the profile is complete afterwards.
  private static func endWithTheRunner(_ profile: RegionProfile?) {
    let count = withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
      (try? presence.read(into: byte)) ?? 0
    }
    guard count == 0 else { return }
    profile?.write()
    CurrentProcess.exit(0)
  }

  private static func wakeOptimizer(after delay: Int64, _ region: CodeRegion) {
    // A word that never changes.
    let word = region.regionWord(CodeRegionLayout.textOffset)
    word.wait(while: word.value32, nanoseconds: delay)
    try? wake.writeAll([1])
  }
}
