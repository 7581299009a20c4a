// The command of wasmrun-llvm: what it reads, what it leaves, and what it says on failure.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct CompilerCommandTests {
  private let hash = Hash256(bytes: 0..<32)
  private let build = Hash256(bytes: Array(repeating: 0xAB, count: 32))

  private func arguments(
    _ module: FileDescriptor, _ image: FileDescriptor, _ progress: FileDescriptor
  ) -> [String] {
    [
      "wasmrun-llvm", "compile", "--module-fd", "\(module.rawValue)", "--image-fd",
      "\(image.rawValue)", "--progress-fd", "\(progress.rawValue)", "--module-hash",
      hash.hexadecimal, "--compiler-build", build.hexadecimal, "--options",
      "\(CodegenOptions().fingerprint)",
    ]
  }

  /// Runs the command on a module with these bytes.
  private func run(_ bytes: [UInt8]) throws -> (status: Int32, image: [UInt8], report: String) {
    let module = try FileDescriptor.memoryFile(named: "module")
    let image = try FileDescriptor.memoryFile(named: "image")
    let progress = try FileDescriptor.memoryFile(named: "progress")
    try module.descriptor.writeAll(bytes)
    let status = CompilerCommand.run(
      arguments(module.descriptor, image.descriptor, progress.descriptor), heldTo: nil)
    let report = String(decoding: try content(progress.descriptor), as: UTF8.self)
    return (status, try content(image.descriptor), report)
  }

  private func content(_ file: FileDescriptor) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(try file.status().byteCount))
    let count = try bytes.withUnsafeMutableBytes { try file.readAll(into: $0, at: 0) }
    return Array(bytes.prefix(count))
  }

  @Test func imageIsWritten() throws {
    var builder = WasmBuilder()
    _ = builder.function([], [.i32], export: "run", .i32(7))
    let result = try run(builder.build())
    #expect(result.status == 0)
    #expect(result.report.split(separator: "\n").last == "progress 1 1")
    try result.image.withUnsafeBytes { file in
      let image = try CodeImageView(file)
      try image.verifyText()
      #expect(image.header.moduleHash == hash)
      #expect(image.header.compilerBuild == build)
      #expect(image.header.optionsFingerprint == CodegenOptions().fingerprint)
      #expect(image.functionCount == 1)
    }
  }

  @Test func wrongModules() throws {
    #expect(try run(Array("not wasm".utf8)).report.hasPrefix("error invalid magic header"))
    var builder = WasmBuilder()
    _ = builder.function([], [.i32], Code())
    let result = try run(builder.build())
    #expect(result.status == 1)
    #expect(result.report.hasPrefix("error invalid type mismatch"))
    #expect(result.report.split(separator: "\n").count == 1)
    #expect(result.image.isEmpty)
  }

  @Test func emptyModuleFile() throws {
    let result = try run([])
    #expect(result.status == 1)
    #expect(result.report.hasPrefix("error failed cannot read the module"))
  }

  // MARK: The command line.

  private let complete = [
    "wasmrun-llvm", "compile", "--module-fd", "3", "--image-fd", "4", "--progress-fd", "5",
    "--module-hash", String(repeating: "0f", count: 32), "--compiler-build",
    String(repeating: "AB", count: 32), "--options", "5",
  ]

  @Test func commandLine() throws {
    let invocation = try #require(CompilerInvocation(complete))
    #expect(invocation.module.rawValue == 3)
    #expect(invocation.image.rawValue == 4)
    #expect(invocation.progress.rawValue == 5)
    #expect(invocation.compilerBuild == build)
    #expect(invocation.options == CodegenOptions(fingerprint: 5))
  }

  @Test func wrongCommandLines() {
    for length in complete.indices {
      #expect(CompilerInvocation(Array(complete[..<length])) == nil)
    }
    #expect(CompilerInvocation(complete + ["--fast", "1"]) == nil)
    for (place, value) in [(1, "run"), (3, "three"), (9, "0f"), (11, "x"), (13, "0"), (13, "8")] {
      var wrong = complete
      wrong[place] = value
      #expect(CompilerInvocation(wrong) == nil)
    }
  }
}
