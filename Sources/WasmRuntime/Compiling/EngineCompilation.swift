// From a decoded module to code in memory, as an engine says.

import BaselineCompiler
import CompilerInterface
import SystemCalls
import WasmModule

extension Engine {
  /// Compiles all functions of a module whose declarations are valid.
  func compile(
    _ module: WasmModule.Module, _ bytes: UnsafeRawBufferPointer
  ) throws(CompileError) -> CompiledCode {
    let image: OwnedDescriptor
    switch compiler {
    case .baseline: image = try compileHere(module, bytes)
    case .baselineInChild:
      image = try finish(
        CompilerProcess.attempt { () throws(Errno) in
          try CompilerProcess.baseline(module, bytes, CompilerProcess.Identity(options: options))
        })
    case .llvm(let program):
      image = try finish(
        CompilerProcess.attempt { () throws(Errno) in
          try CompilerProcess.llvm(
            OSString(program), bytes, CompilerProcess.Identity(options: options))
        })
    }
    do throws(CodeLoadError) {
      return try CompiledCode(image.descriptor)
    } catch {
      throw .failed("the compiler left no image: \(error.reason)")
    }
  }

  private func finish(
    _ outcome: consuming CompilerProcess.Outcome
  ) throws(CompileError) -> OwnedDescriptor {
    if let failure = outcome.report.failure { throw failure }
    return outcome.takeImage()
  }

  private func compileHere(
    _ module: WasmModule.Module, _ bytes: UnsafeRawBufferPointer
  ) throws(CompileError) -> OwnedDescriptor {
    let contents: CodeImageContents
    do throws(BaselineError) {
      contents = try BaselineCompiler.compile(
        module, bytes: bytes, options: options, threadCount: availableProcessorCount())
    } catch {
      switch error {
      case .invalid(let error): throw CompileError(error)
      case .unsupported(let what): throw .unsupported(what)
      case .failed(let why): throw .failed(why)
      }
    }
    do throws(Errno) {
      let image = try FileDescriptor.memoryFile(named: "wasmrun-image")
      try image.descriptor.writeAll(contents.encoded())
      try image.descriptor.seal()
      return image
    } catch {
      throw .failed("there is no memory for the code: \(error)")
    }
  }
}
