// The process that waits for a byte and then becomes wasmrun-llvm.

import CompilerInterface
import Runtime
import SystemCalls

/// A launcher, forked before the guest's process is locked down. Without a byte it ends when nobody
/// can send one any more.
final class OptimizerLauncher {
  /// Where the byte is to be written; for the baseline compiler's process.
  let wake: FileDescriptor
  /// Open as long as this process runs: wasmrun-llvm has the other end.
  private let life: OwnedDescriptor

  init(
    _ bytes: UnsafeRawBufferPointer, _ tierUp: RunningCompilers.TierUp,
    _ files: borrowing CodeRegionFiles,
    textAddress: UInt
  ) throws(Errno) {
    let wakes = try FileDescriptor.pipe()
    let lives = try FileDescriptor.pipe()
    wake = try wakes.writing.descriptor.duplicate().take()
    life = try lives.writing.descriptor.duplicate()
    var descriptors = [
      wakes.reading.descriptor, files.region.descriptor, files.requests.descriptor,
      lives.reading.descriptor,
    ]
    if let workFile = tierUp.workFile { descriptors.append(workFile) }
    try ChildProcess(forkingWith: descriptors) { Self.launch(bytes, tierUp, textAddress) }.release()
  }

  /// The launcher learns that no byte will come when nobody has this end.
  func closeWake() { try? wake.close() }

  // MARK: In the launcher.

  /// What is done for a program yields to the program, and to the compiler that it waits for.
  private static let niceness: Int32 = 10

  private static func launch(
    _ bytes: UnsafeRawBufferPointer, _ tierUp: RunningCompilers.TierUp, _ textAddress: UInt
  ) -> Int32 {
    let first = ChildProcess.firstDescriptor
    let wake = FileDescriptor(rawValue: first)
    let isWanted = withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { byte in
      (try? wake.read(into: byte)) == 1
    }
    guard isWanted else { return 0 }
    CurrentProcess.lowerPriority(by: niceness)
    do throws(Errno) {
      let module = try FileDescriptor.memoryFile(named: "wasmrun-module")
      try module.descriptor.writeAll(bytes)
      try module.descriptor.seal()
      let arguments = [
        "tier", "--module-fd", "\(module.descriptor.rawValue)", "--region-fd", "\(first + 1)",
        "--requests-fd", "\(first + 2)", "--life-fd", "\(first + 3)", "--work-fd",
        tierUp.workFile == nil ? "-1" : "\(first + 4)", "--text", "\(textAddress)",
        "--module-hash", tierUp.identity.moduleHash.hexadecimal, "--compiler-build",
        tierUp.identity.compilerBuild.hexadecimal, "--options",
        "\(tierUp.identity.options.fingerprint)",
        "--threads", "\(max(1, availableProcessorCount() - 1))",
      ]
      ChildProcess.become(
        tierUp.program.cString, arguments, inheriting: module.descriptor)
    } catch {
      return 1
    }
    return 1
  }
}
