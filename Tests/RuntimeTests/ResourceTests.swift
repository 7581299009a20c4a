// What happens when the machine does not give what a guest needs.

import CompilerInterface
import Glibc
import Runtime
import SystemCalls
import TestSupport
import Testing
import WasmModule

@Suite struct ResourceTests {
  private func withMemory(_ limits: Limits) -> WasmBuilder {
    var builder = WasmBuilder()
    _ = builder.memory(limits, export: "memory")
    return builder
  }

  /// The error of making a store, or of instantiating a module with a memory and a table in it.
  private func failure(_ call: SystemCall, callsBefore: Int) throws -> ResourceError? {
    var builder = withMemory(Limits(minimum: 1))
    _ = builder.table(.funcref, Limits(minimum: 1))
    return try FaultInjection.withFault(call, .noMemory, callsBefore: callsBefore) {
      do {
        _ = try Linker(try Store()).instantiate(builder, bodies: [])
        return nil
      } catch InstantiationError.resource(let error) {
        return error
      } catch let error as ResourceError {
        return error
      } catch LoadedCode.LoadError.system {
        return .signalHandling(.noMemory)
      }
    }
  }

  /// Each call that can fail, one after the other, until all went well: there is an error every
  /// time, never a crash.
  @Test(arguments: [SystemCall.mmap, .mprotect]) func everyFailure(call: SystemCall) throws {
    var failures = 0
    while let error = try failure(call, callsBefore: failures) {
      #expect(!"\(error)".isEmpty)
      failures += 1
    }
    #expect(failures >= 3)
  }

  @Test func growthThatTheKernelRefuses() throws {
    let linker = Linker(try Store())
    var builder = withMemory(Limits(minimum: 1))
    _ = builder.table(.externref, Limits(minimum: 1), export: "table")
    let instance = try linker.instantiate(builder, bodies: [])
    let memory = try #require(instance.memory("memory"))
    let table = try #require(instance.table("table"))
    FaultInjection.withFault(.mprotect, .noMemory) {
      #expect(memory.grow(by: 1) == nil)
      #expect(memory.grow(by: 0) == 1)
      #expect(table.grow(by: 100_000) == nil)
    }
    #expect(memory.pageCount == 1)
    #expect(table.count == 1)
    #expect(memory.grow(by: 1) == 1)
    #expect(table.grow(by: 100_000) == 1)
  }

  /// Memories with 64-bit addresses grow beyond 4 GiB, but not beyond what is reserved for them.
  @Test func memoryOf64BitAddresses() throws {
    let type = MemoryType(limits: Limits(minimum: 1, is64Bit: true))
    let memory = try Store().makeMemory(type)
    let base = memory.definition.pointee.base
    #expect(memory.grow(by: 1 << 17) == 1)
    #expect(memory.byteCount == (1 << 17 + 1) << 16)
    #expect(memory.definition.pointee.base == base)
    for delta: UInt64 in [1 << 48 - 1, 1 << 48, 1 << 62, .max] {
      #expect(memory.grow(by: delta) == nil)
    }
    #expect(memory.pageCount == 1 << 17 + 1)
  }

  /// A size that no machine has is refused before anything is computed with it.
  @Test func memoryOfAllAddresses() throws {
    for type in [
      MemoryType(limits: Limits(minimum: 1 << 48, is64Bit: true)),
      MemoryType(limits: Limits(minimum: .max, is64Bit: true), pageSizeLog2: 0),
    ] {
      #expect {
        try Store().makeMemory(type)
      } throws: { error in
        if case .reservation = error as? ResourceError { true } else { false }
      }
    }
  }

  @Test func memoryOfSmallPages() throws {
    let memory = try Store().makeMemory(MemoryType(limits: Limits(minimum: 3), pageSizeLog2: 0))
    #expect(memory.byteCount == 3)
    #expect(memory.grow(by: 5_000) == 3)
    #expect(memory.byteCount == 5_003)
    #expect(memory.grow(by: 1 << 32 - 5_003) == nil)
  }

  /// A memory takes its 4 GiB where the machine has the address space; all of it can be reached.
  @Test func largestMemory() throws {
    let store = try Store()
    let memory = try store.makeMemory(MemoryType(limits: Limits(minimum: 1)))
    #expect(memory.grow(by: 65_536) == nil)
    #expect(memory.grow(by: 65_535) == 1)
    #expect(memory.byteCount == 1 << 32)
    #expect(memory.grow(by: 1) == nil)
    let last = try #require(memory.guestMemory.bytes(at: .max, count: 1))
    last[0] = 7
    #expect(memory.guestMemory.bytes(at: .max, count: 2) == nil)
  }

  @Test func largestTable() throws {
    let store = try Store()
    let limit = ReferenceTable.maximumElementCount
    let table = try store.makeTable(
      TableType(element: .funcref, limits: Limits(minimum: limit - 1)))
    #expect(table.grow(by: 2) == nil)
    #expect(table.grow(by: 1) == limit - 1)
    #expect(table.grow(by: .max) == nil)
    #expect(table[limit - 1] == .function(nil))
  }

  /// Where address space is scarce, a table has less room to grow.
  @Test func tableInLittleSpace() throws {
    let store = try Store()
    let type = TableType(element: .externref, limits: Limits(minimum: 1))
    let table = try FaultInjection.withFault(.mmap, .noMemory, failures: 3) {
      try store.makeTable(type)
    }
    #expect(table.grow(by: ReferenceTable.maximumElementCount / 4) == nil)
    #expect(table.grow(by: ReferenceTable.maximumElementCount / 10) == 1)
    let error = FaultInjection.withFault(.mmap, .noMemory) {
      do throws(ResourceError) {
        _ = try store.makeTable(type)
        return ResourceError?.none
      } catch {
        return error
      }
    }
    guard case .reservation = error else {
      Issue.record("no error")
      return
    }
  }

  /// As under `ulimit -v`: no room for a reservation, a clear error.
  @Test func limitedAddressSpace() async {
    await #expect(processExitsWith: .success) {
      let store = try Store()
      var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      do throws(ResourceError) {
        _ = try store.makeMemory(MemoryType(limits: Limits(minimum: 1)))
        exit(1)
      } catch {
        guard case .reservation(_, _, .noMemory) = error,
          "\(error)".hasPrefix("cannot reserve 8590000128 bytes of address space")
        else { exit(2) }
      }
    }
  }

  /// All that a store made is given back with it.
  @Test func nothingStaysMapped() throws {
    func round() throws {
      let linker = Linker(try Store())
      var builder = WasmBuilder()
      for _ in 0..<8 { _ = builder.memory(Limits(minimum: 1)) }
      _ = builder.table(.funcref, Limits(minimum: 1))
      _ = builder.function([.i64, .i64], [.i64], export: "0", Code(.unreachable))
      let instance = try linker.instantiate(builder, bodies: [HandMadeCode.add])
      _ = try linker.store.call(instance.function("0"))
    }
    // 47 bits of address space hold 16,000 reservations of 8 GiB: a leak would end this.
    for _ in 0..<2_500 { try round() }
  }
}
