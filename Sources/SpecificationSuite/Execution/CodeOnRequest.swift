// Code that the baseline compiler makes when it is asked for, on a thread of this process.

import BaselineCompiler
import CompileService
import CompilerInterface
import Foundation
import Runtime
import SystemCalls
import WasmModule

/// The compiler of a module's region, at work as long as this object exists; the code holds it.
final class CodeOnRequest {
  private let baseline: BaselineRegion
  private let life: OwnedDescriptor
  private let otherEnd: OwnedDescriptor

  /// The code of a valid module.
  static func code(
    of module: Module, _ bytes: ModuleBytes, _ options: CodegenOptions
  ) throws -> LoadedCode {
    let layout = CodeRegionLayout(module)
    let files = try CodeRegionFiles(layout)
    let mapped = try MappedCodeRegion(layout, files)
    let region = try CodeRegion(
      layout, region: files.region.descriptor, requests: files.requests.descriptor,
      runnerText: UInt64(mapped.textAddress))
    let baseline = try BaselineRegion(
      module, bytes: bytes.buffer, options: options, region: region, counts: true)
    try baseline.prepare()
    return LoadedCode(mapped, madeBy: try CodeOnRequest(baseline, mapped, bytes))
  }

  private init(
    _ baseline: BaselineRegion, _ mapped: MappedCodeRegion, _ bytes: ModuleBytes
  ) throws {
    // The compiler lives in this process: the pipe is never at its end.
    let pipe = try FileDescriptor.pipe()
    life = try pipe.reading.descriptor.duplicate()
    otherEnd = try pipe.writing.descriptor.duplicate()
    try life.descriptor.setStatusFlags(.nonBlocking)
    mapped.setLifeDescriptor(life.descriptor)
    self.baseline = baseline
    let thread = Thread {
      baseline.work { failure in
        FileHandle.standardError.write(Data("compiling on request: \(failure)\n".utf8))
      }
      withExtendedLifetime(bytes) {}
    }
    thread.stackSize = 1 << 20
    thread.start()
  }

  deinit { baseline.end() }
}
