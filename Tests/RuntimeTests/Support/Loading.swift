// From an image's contents, or a module under construction, to something that runs.

import CompilerInterface
import Runtime
import SystemCalls
import TestSupport
import WasmModule

extension LoadedCode {
  /// Maps `contents`, written to a file in memory.
  static func load(_ contents: CodeImageContents) throws -> LoadedCode {
    try load(file: contents.encoded())
  }

  /// Maps a file in memory with these bytes.
  static func load(file bytes: [UInt8]) throws -> LoadedCode {
    let file = try FileDescriptor.memoryFile(named: "image").take()
    defer { try? file.close() }
    try bytes.withUnsafeBytes { try file.writeAll($0) }
    return try LoadedCode(file)
  }
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

extension Linker {
  /// Instantiates a module whose functions are `bodies`, by hand.
  func instantiate(_ builder: WasmBuilder, bodies: [[UInt8]]) throws -> Instance {
    let bytes = StableBytes(builder.build())
    store.keepAlive(bytes)
    let module = try Module.decode(bytes.buffer)
    let code = try LoadedCode.load(
      CodeImageContents(functions: bodies, typeCount: max(1, module.types.count)))
    return try instantiate(module, bytes: bytes.buffer, code: code)
  }
}

extension Store {
  /// Calls a function of hand-made type.
  func call(_ function: Function?, _ first: UInt64 = 0, _ second: UInt64 = 0) throws -> UInt64 {
    let results = try invoke(function!, [.i64(first), .i64(second)])
    guard case .i64(let result) = results[0] else { return .max }
    return result
  }

  /// The trap that a call of a hand-made function ends in; nil where it returns.
  func trap(
    _ function: Function?, _ first: UInt64 = 0, _ second: UInt64 = 0
  ) throws -> Trap? {
    do throws(InvocationError) {
      _ = try invoke(function!, [.i64(first), .i64(second)])
      return nil
    } catch {
      guard case .trap(let trap) = error else { throw error }
      return trap
    }
  }
}

extension Trap {
  /// The function indices of the backtrace; nil for what was omitted.
  var functionIndices: [UInt32?] {
    backtrace.map { entry in
      if case .frame(let frame) = entry { frame.functionIndex } else { nil }
    }
  }
}
