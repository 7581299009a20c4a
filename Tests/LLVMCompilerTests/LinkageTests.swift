// Compiled objects, linked in both ways and run: a call between objects must arrive.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct LinkageTests {
  /// `f0(n) = n < 2 ? 1 : f1(n - 1) * n`, `f1` the same with `f0`, and a `f2` of the same type that
  /// answers with 100.
  private func mutualFactorial() throws -> TestProgram {
    var builder = WasmBuilder()
    for callee in [1, 0] {
      _ = builder.function(
        [.i64], [.i64],
        .local(0) + .i64(2) + Code(.i64LtU)
          + .structured(
            .if, .i64, .i64(1), Code(.else),
            .local(0) + .i64(1) + Code(.i64Sub) + Code(.call, callee) + .local(0) + Code(.i64Mul)))
    }
    _ = builder.function([.i64], [.i64], .i64(100))
    return try TestProgram(builder)
  }

  private let units = [Unit(functions: [0]), Unit(functions: [1]), Unit(functions: [2])]

  private func link(_ linkage: CallLinkage) throws -> LinkedText {
    let program = try mutualFactorial()
    return try ImageLinker.link(
      try program.objects(units, inlining: 0), linkage, importedFunctionCount: 0,
      tableEntries: program.program.tableEntries,
      entryCode: program.program.tableEntryCode)
  }

  @Test func directCalls() throws {
    let code = try MappedText(try link(.direct), slotByteCount: 0)
    #expect(try code.call(0, 10) == 3_628_800)
  }

  @Test func callsThroughDispatchSlots() throws {
    let slotByteCount = VirtualMemory.pageByteCount
    let text = try link(.dispatchSlots(tableOffset: -slotByteCount))
    let code = try MappedText(text, slotByteCount: slotByteCount)
    #expect(try code.call(0, 10) == 3_628_800)
  }

  /// Whoever changes a slot changes where the calls go: that is how better code takes over.
  @Test func slotThatChangesHands() throws {
    let slotByteCount = VirtualMemory.pageByteCount
    let text = try link(.dispatchSlots(tableOffset: -slotByteCount))
    let code = try MappedText(text, slotByteCount: slotByteCount, slots: [0, 2, 2])
    #expect(try code.call(0, 10) == 1_000)
  }
}

/// Linked text in executable memory, with its dispatch table before it.
private struct MappedText: ~Copyable {
  private let memory: VirtualMemory
  private let text: LinkedText
  private let start: UnsafeRawPointer

  /// `slots` says which function each function's slot leads to; each to itself, if nil.
  init(_ text: LinkedText, slotByteCount: Int, slots: [Int]? = nil) throws {
    let memory = try VirtualMemory(reserving: slotByteCount + text.bytes.count)
    let start = UnsafeRawPointer(memory.start) + slotByteCount
    var content = [UInt8](repeating: 0, count: slotByteCount) + text.bytes
    if slotByteCount > 0 {
      for place in text.functions.indices {
        let body = try #require(text.functions[slots?[place] ?? place]?.body)
        let address = UInt64(UInt(bitPattern: start + Int(body)))
        content.withUnsafeMutableBytes {
          $0.storeBytes(of: address, toByteOffset: place * 8, as: UInt64.self)
        }
      }
    }
    let file = try FileDescriptor.memoryFile(named: "text")
    try file.descriptor.writeAll(content)
    try memory.mapCode(0..<content.count, from: file.descriptor, fileOffset: 0)
    self.text = text
    self.memory = memory
    self.start = start
  }

  /// Calls function `place`, of type `[i64] -> [i64]`, by its entry thunk.
  func call(_ place: Int, _ argument: UInt64) throws -> UInt64 {
    typealias EntryThunk =
      @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<UInt64>)
      -> Void
    let thunk = unsafeBitCast(
      start + Int(try #require(text.symbols[.entryThunk(0)])), to: EntryThunk.self)
    let body = Int(try #require(text.functions[place]?.body))
    var context = [UInt64](repeating: 0, count: VMContextLayout.headerByteCount / 8)
    var slots = [argument]
    context.withUnsafeMutableBytes { context in
      slots.withUnsafeMutableBufferPointer { slots in
        thunk(start + body, context.baseAddress!, slots.baseAddress!)
      }
    }
    return slots[0]
  }
}
