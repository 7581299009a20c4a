// From a module's file to code that can be instantiated.

import BaselineCompiler
import CompilerInterface
import Foundation
import LLVMCompiler
import Runtime
import SystemCalls
import WasmModule
import WasmText

/// A compiled module.
struct LoadedModule {
  let module: Module
  let bytes: ModuleBytes
  let code: LoadedCode
}

/// A module's bytes at an address that does not change. Immutable.
final class ModuleBytes: @unchecked Sendable {
  let buffer: UnsafeRawBufferPointer

  init(_ bytes: Data) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    copy.copyBytes(from: bytes)
    buffer = UnsafeRawBufferPointer(copy)
  }

  deinit { buffer.deallocate() }

  /// Decodes and validates all of the module.
  func decode(_ features: Features = .all) throws(ModuleError) -> Module {
    let module = try Module.decode(buffer)
    try module.validate(bytes: buffer, features: features)
    return module
  }
}

/// Reads and compiles the modules of a script.
struct ModuleLoader {
  /// Holds the script's modules.
  let folder: String
  let options: CodegenOptions
  let compiler: CompilerChoice

  func read(_ file: ModuleFile) throws(CommandError) -> ModuleBytes {
    let path = "\(folder)/\(file.name)"
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw .failed("cannot read \(path)")
    }
    switch file {
    case .binary: return ModuleBytes(bytes)
    case .text: return ModuleBytes(Data(try parse(bytes)))
    }
  }

  private func parse(_ text: Data) throws(CommandError) -> [UInt8] {
    let result = text.withUnsafeBytes { text in
      Result { () throws(TextError) in try WasmText.module(from: text) }
    }
    return try result.mapError { CommandError.malformedText("\($0)") }.get()
  }

  /// Compiles a valid module.
  func compile(_ module: Module, _ bytes: ModuleBytes) throws(CommandError) -> LoadedModule {
    do {
      if compiler == .onRequest {
        return LoadedModule(
          module: module, bytes: bytes, code: try CodeOnRequest.code(of: module, bytes, options))
      }
      let contents = try contents(module, bytes)
      let file = try FileDescriptor.memoryFile(named: "image").take()
      defer { try? file.close() }
      try contents.encoded().withUnsafeBytes { try file.writeAll($0) }
      return LoadedModule(module: module, bytes: bytes, code: try LoadedCode(file))
    } catch CompilationError.invalid(let error) where error.kind == .unsupported {
      throw .unsupported(error.message)
    } catch BaselineError.unsupported(let reason) {
      throw .unsupported("the baseline compiler lacks \(reason)")
    } catch {
      throw .failed("compiling: \(error)")
    }
  }

  private func contents(_ module: Module, _ bytes: ModuleBytes) throws -> CodeImageContents {
    switch compiler {
    case .llvm:
      try LLVMCompiler.compile(
        module, bytes: bytes.buffer, options: options, threadCount: 1, progress: { _ in })
    case .baseline, .onRequest:
      try BaselineCompiler.compile(
        module, bytes: bytes.buffer, options: options, threadCount: 1)
    }
  }
}
