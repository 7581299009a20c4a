// The command `tier` of wasmrun-llvm: better code for a program that runs.

internal import CompileService
internal import CompilerInterface
package import Sandbox
internal import SystemCalls
internal import WasmModule

/// `wasmrun-llvm tier --module-fd N --region-fd N --requests-fd N --work-fd N|-1 --life-fd N
/// --text ADDRESS --threads N --module-hash HEX --compiler-build HEX --options FINGERPRINT`.
///
/// Says nothing: the program that runs has code already, and its output is its own.
package enum TierCommand {
  /// Runs the command; the result is the process's exit status. The process is held to `policy` from
  /// then on and ends where work is abandoned, unless `policy` is nil, as in tests.
  package static func run(
    _ arguments: [String], heldTo policy: SandboxPolicy? = .tierCompiler
  ) -> Int32 {
    guard let invocation = TierInvocation(arguments) else {
      return CompilerCommand.wrongArguments()
    }
    // LLVM's fatal errors end the process without a word.
    LLVMFailure.report(to: FileDescriptor(rawValue: -1))
    do {
      try work(try TierFiles(invocation), invocation, policy)
      return 0
    } catch {
      return 1
    }
  }

  private static func work(
    _ files: consuming TierFiles, _ invocation: TierInvocation, _ policy: SandboxPolicy?
  ) throws {
    if let policy {
      _ = try policy.apply(
        reportingTo: .standardError, before: "wasmrun-llvm: its sandbox forbids the system call ",
        after: "\n")
    }
    // From here on untrusted bytes are read.
    let identity = invocation.identity
    let module = try CompilerCommand.decode(files.module.bytes)
    let program = try Program(
      module: module, bytes: files.module.bytes, options: identity.options)
    let workFile = invocation.work.map { WorkFile($0, identity, files.work) }
    guard let region = files.takeRegion(CodeRegionLayout(module), invocation.text) else {
      throw Errno.invalidArgument
    }
    let tierUp = try TierUp(program, region, identity, workFile)
    let endsProcess = policy != nil
    try tierUp.run(threadCount: invocation.threadCount, until: invocation.life) {
      if endsProcess { endProcess(status: 0) }
    }
    withExtendedLifetime(files.module) {}
  }
}

/// What has to be mapped or read before the process is locked down.
private struct TierFiles: ~Copyable {
  let module: MappedModule
  let work: [UInt8]
  private var region: VirtualMemory?
  private var requests: VirtualMemory?

  init(_ invocation: TierInvocation) throws(Errno) {
    let module = try MappedModule(invocation.module)
    let region = try Self.map(invocation.region)
    let requests = try Self.map(invocation.requests)
    self.module = module
    self.region = consume region
    self.requests = consume requests
    work = invocation.work.map { WorkFile.content(of: $0) } ?? []
  }

  private static func map(_ file: FileDescriptor) throws(Errno) -> VirtualMemory {
    try VirtualMemory(sharing: file, byteCount: Int(try file.status().byteCount))
  }

  /// The region, of which there is one.
  mutating func takeRegion(_ layout: CodeRegionLayout, _ text: UInt64) -> CodeRegion? {
    guard let region = region.take(), let requests = requests.take() else { return nil }
    return CodeRegion(layout, region: region, requests: requests, runnerText: text)
  }
}
