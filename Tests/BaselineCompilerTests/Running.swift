// Modules under construction, compiled by either compiler and run.

import BaselineCompiler
import CompilerInterface
import LLVMCompiler
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

/// Which compiler makes a module's code.
enum TestedCompiler: CaseIterable {
  case baseline
  case llvm
}

/// Bytes that stay where they are as long as the object.
final class StableBytes {
  let buffer: UnsafeRawBufferPointer

  init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    copy.copyBytes(from: bytes)
    buffer = UnsafeRawBufferPointer(copy)
  }

  deinit { buffer.deallocate() }
}

extension CodegenOptions {
  /// Every processor has these.
  static var plain: CodegenOptions {
    var options = CodegenOptions()
    options.cpuFeatures = [.ssse3, .sse41]
    return options
  }
}

extension Linker {
  /// Compiles and instantiates a module.
  func instantiate(
    _ builder: WasmBuilder, by compiler: TestedCompiler = .baseline,
    options: CodegenOptions = .plain
  ) throws -> Instance {
    let bytes = StableBytes(builder.build())
    store.keepAlive(bytes)
    let module = try Module.decode(bytes.buffer)
    try module.validate(bytes: bytes.buffer)
    let contents =
      switch compiler {
      case .baseline:
        try BaselineCompiler.compile(
          module, bytes: bytes.buffer, options: options, threadCount: 1)
      case .llvm:
        try LLVMCompiler.compile(
          module, bytes: bytes.buffer, options: options, threadCount: 1, progress: { _ in })
      }
    let file = try FileDescriptor.memoryFile(named: "image")
    try file.descriptor.writeAll(contents.encoded())
    return try instantiate(
      module, bytes: bytes.buffer, code: try LoadedCode(file.descriptor))
  }
}

/// An instance with the store that owns it.
struct RunningModule {
  let store: Store
  let instance: Instance

  /// Calls the function exported under `name`.
  func call(_ name: String, _ arguments: Value...) throws -> [Value] {
    try store.invoke(try #require(instance.function(name), "\(name)"), arguments)
  }

  /// The trap that a call ends in; nil where it returns.
  func trap(_ name: String, _ arguments: Value...) throws -> TrapCode? {
    let function = try #require(instance.function(name), "\(name)")
    do throws(InvocationError) {
      _ = try store.invoke(function, arguments)
      return nil
    } catch {
      guard case .trap(let trap) = error else { throw error }
      return trap.code
    }
  }
}

extension WasmBuilder {
  /// Instantiates the module alone, in a store of its own.
  func run(options: CodegenOptions = .plain) throws -> RunningModule {
    let store = try Store()
    return RunningModule(
      store: store, instance: try Linker(store).instantiate(self, options: options))
  }
}
