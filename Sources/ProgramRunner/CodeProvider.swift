// Where a module's code comes from: the cache, or the compiler and then into the cache.

import CodeCache
import CompilerInterface
import SystemCalls
import WasmModule
import WasmRuntime

/// Code to run, and who makes more of it meanwhile.
struct ProgramCode {
  let code: CompiledCode
  let compilers: RunningCompilers?

  init(_ code: CompiledCode) { (self.code, compilers) = (code, nil) }

  init(_ compilers: RunningCompilers) { (code, self.compilers) = (compilers.code, compilers) }
}

/// Finds or makes the code of one module.
struct CodeProvider {
  let file: ModuleFile
  let module: WasmModule.Module
  let options: CompilationOptions
  let observer: any RunnerObserver
  /// Who looks at the code from outside, and so wants to know it.
  var onlookers = Onlookers()
  /// Whether the code is made for the cache alone, so that it is an error if that cannot keep it.
  var isForCache = false

  /// Code that a run can begin with: the cache's, else code that is compiled while it runs. With
  /// `--compiler=llvm` the run waits for LLVM, with `--compiler=baseline` for code that the cache then
  /// has.
  func programCode() throws(RunnerError) -> ProgramCode {
    if onlookers.debugger {
      return ProgramCode(try options.strategy == .auto ? wholeCode() : code())
    }
    if options.strategy == .llvm || options.strategy == .baseline && options.usesCache {
      return ProgramCode(try code())
    }
    // A name for the cache: large modules take long to read once more.
    let hash = options.usesCache ? sha256(file.bytes) : Hash256()
    let (key, optimizer) = try cache.key(hash)
    if let code = cache.code(key, madeBy: optimizer) {
      WarmStart.prepare(file, module, hash, cache)
      return ProgramCode(code)
    }
    guard let optimizer, let delay = options.tierUp.delayNanoseconds else {
      return try compileWhileRunning(nil)
    }
    var tierUp = RunningCompilers.TierUp(
      program: optimizer.path, identity: key.identity, delayNanoseconds: delay)
    switch cache.work(key) {
    case .finished:
      if let code = cache.code(key, madeBy: optimizer) { return ProgramCode(code) }
    case .unfinished(let workFile):
      tierUp.workFile = workFile.descriptor
      return try compileWhileRunning(tierUp)
    case .busy: break
    }
    return try compileWhileRunning(tierUp)
  }

  private func compileWhileRunning(
    _ tierUp: RunningCompilers.TierUp?
  ) throws(RunnerError) -> ProgramCode {
    observer.codeIsReady(CodeOrigin(nil, isCached: false))
    let recorder = onlookers.profile.map {
      RegionProfile(file: $0, module: module, bytes: file.bytes)
    }
    do throws(Errno) {
      return ProgramCode(
        try RunningCompilers(module, file.bytes, options.codegen, tierUp, recorder))
    } catch {
      throw .failed("cannot compile '\(file.path)'", error)
    }
  }

  /// All code at once, as a debugger wants it, without waiting for LLVM: what the cache has, else
  /// baseline code.
  private func wholeCode() throws(RunnerError) -> CompiledCode {
    let hash = sha256(file.bytes)
    let (key, optimizer) = try cache.key(hash)
    if let code = cache.code(key, madeBy: optimizer) { return code }
    var options = options
    options.strategy = .baseline
    return try CodeProvider(
      file: file, module: module, options: options, observer: observer
    ).code(hash)
  }

  /// Mapped code, ready to run, all of it.
  func code() throws(RunnerError) -> CompiledCode { try code(sha256(file.bytes)) }

  private func code(_ hash: Hash256) throws(RunnerError) -> CompiledCode {
    let (key, program) = try cache.key(hash)
    if let code = cache.code(key, madeBy: program) {
      WarmStart.prepare(file, module, hash, cache)
      return code
    }
    // Before an hour of work is lost.
    if isForCache { try keeping { () throws(RunnerError) in _ = try cache.find(creating: true) } }
    let image = try Compilation(
      file: file, module: module, key: key, compiler: program, observer: observer
    ).run()
    let code: CompiledCode
    do throws(CodeLoadError) {
      code = try CompiledCode(image.descriptor)
    } catch {
      throw RunnerError(.failed, "cannot load the code of '\(file.path)'", error.reason)
    }
    if let image = code.image {
      try keeping { () throws(RunnerError) in try cache.keep(image.file, key) }
    }
    observer.codeIsReady(CodeOrigin(program, isCached: false))
    WarmStart.prepare(file, module, hash, cache)
    return code
  }

  /// Does something for the cache. A run goes on without it.
  private func keeping(_ body: () throws(RunnerError) -> Void) throws(RunnerError) {
    do throws(RunnerError) {
      try body()
    } catch {
      guard isForCache else { return observer.noteIfWanted("\(error.what): \(error.why)") }
      throw RunnerError(
        .failed, "cannot keep the code of '\(file.path)'", "\(error.what): \(error.why)",
        hint: "-o FILE writes it to a file of your own")
    }
  }

  private var cache: CachedCode { CachedCode(options: options, observer: observer) }
}
