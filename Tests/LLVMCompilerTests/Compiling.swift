// Modules under construction, as IR, as objects, and running.

import CLLVM
import CompilerInterface
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

/// A module, validated, with bytes that stay where they are as long as it.
final class TestProgram {
  let program: Program
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ builder: WasmBuilder, options: CodegenOptions = CodegenOptions()) throws {
    let content = builder.build()
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 16)
    bytes.copyBytes(from: content)
    let view = UnsafeRawBufferPointer(bytes)
    let module = try Module.decode(view)
    try module.validate(bytes: view)
    program = try Program(module: module, bytes: view, options: options)
  }

  deinit { bytes.deallocate() }

  /// All defined functions in one unit.
  var everything: Unit {
    let imported = program.module.importedFunctionCount
    return Unit(functions: (imported..<program.module.functions.count).map { UInt32($0) })
  }

  func inliningPlan(byteLimit: Int) -> InliningPlan {
    InliningPlan(program, byteLimit: byteLimit)
  }

  /// The IR of `unit` (by default of all functions) as it is before optimisation.
  func preparedText(_ unit: Unit? = nil) throws -> String {
    try text { try $0.prepare(unit ?? everything, $1) }
  }

  /// The IR of all functions as code is generated from it.
  func optimizedText() throws -> String { try text { try $0.optimize(everything, $1) } }

  private func text(
    _ make: (UnitCompiler, borrowing TargetMachine) throws -> UnitModule
  ) throws -> String {
    TargetMachine.initializeBackend()
    let target = try TargetMachine(program.options)
    let ir = try make(
      UnitCompiler(program: program, inlining: InliningPlan(program)), target)
    let text = try #require(LLVMPrintModuleToString(ir.module))
    defer { LLVMDisposeMessage(text) }
    return String(cString: text)
  }

  /// The objects of `units`, then that of the thunks, with bodies of up to `byteLimit` inlined.
  func objects(_ units: [Unit], inlining byteLimit: Int) throws -> [LinkableObject] {
    TargetMachine.initializeBackend()
    let target = try TargetMachine(program.options)
    let compiler = UnitCompiler(
      program: program, inlining: inliningPlan(byteLimit: byteLimit))
    return try units.map { try compiler.compile($0, target) } + [compiler.compileThunks(target)]
  }

  func compile(threadCount: Int = 1) throws -> CodeImageContents {
    try LLVMCompiler.compile(
      program.module, bytes: program.bytes, options: program.options, threadCount: threadCount
    ) { _ in }
  }

  /// Compiles, instantiates without imports, and calls the export `name`.
  func call(_ name: String, _ arguments: Value...) throws -> [Value] {
    try call(name, arguments)
  }

  func call(_ name: String, _ arguments: [Value]) throws -> [Value] {
    let store = try Store()
    let file = try FileDescriptor.memoryFile(named: "image")
    try file.descriptor.writeAll(try compile().encoded())
    let instance = try Linker(store).instantiate(
      program.module, bytes: program.bytes, code: try LoadedCode(file.descriptor))
    return try store.invoke(try #require(instance.function(name)), arguments)
  }
}

/// What a call traps with; nil where it returns.
func trapCode(_ call: () throws -> [Value]) throws -> TrapCode? {
  do {
    _ = try call()
    return nil
  } catch InvocationError.trap(let trap) {
    return trap.code
  }
}

extension String {
  /// How often `part` occurs.
  func count(of part: String) -> Int { split(separator: part).count - 1 }
}
