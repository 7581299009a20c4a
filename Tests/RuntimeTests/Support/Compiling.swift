// Modules under construction, compiled by LLVM in this process and run.

import CompilerInterface
import LLVMCompiler
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

extension Linker {
  /// Compiles and instantiates a module.
  func instantiate(
    _ builder: WasmBuilder, passParameters: Bool = true, passesGlobalZero: Bool = false
  ) throws -> Instance {
    let bytes = StableBytes(builder.build())
    store.keepAlive(bytes)
    let module = try Module.decode(bytes.buffer)
    try module.validate(bytes: bytes.buffer)
    var options = CodegenOptions()
    options.passParameters = passParameters
    options.passesGlobalZero = passesGlobalZero
    options.cpuFeatures = [.ssse3, .sse41]
    let contents = try LLVMCompiler.compile(
      module, bytes: bytes.buffer, options: options, threadCount: 1, progress: { _ in })
    return try instantiate(module, bytes: bytes.buffer, code: try LoadedCode.load(contents))
  }
}

extension Instance {
  /// Calls the function exported under `name`.
  func call(_ name: String, _ arguments: Value...) throws -> [Value] {
    try call(name, arguments)
  }

  func call(_ name: String, _ arguments: [Value]) throws -> [Value] {
    try store.invoke(try #require(function(name), "\(name)"), arguments)
  }

  /// The trap that a call ends in; nil where it returns.
  func trap(_ name: String, _ arguments: Value...) throws -> Trap? { try trap(name, arguments) }

  func trap(_ name: String, _ arguments: [Value]) throws -> Trap? {
    do throws(InvocationError) {
      _ = try store.invoke(function(name)!, arguments)
      return nil
    } catch {
      guard case .trap(let trap) = error else { throw error }
      return trap
    }
  }
}

extension Value {
  /// A signed i32.
  static func int(_ value: Int32) -> Value { .i32(UInt32(bitPattern: value)) }
  /// An f64.
  static func double(_ value: Double) -> Value { .f64(bits: value.bitPattern) }
  /// An f32.
  static func float(_ value: Float) -> Value { .f32(bits: value.bitPattern) }
}
