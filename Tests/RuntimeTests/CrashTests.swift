// Faults that are no guest's trap must end the process, by their signal.

import CompilerInterface
import Glibc
import Runtime
import SystemCalls
import Testing
import WasmModule

@Suite struct CrashTests {
  /// An access outside of every memory, by compiled code.
  @Test func strayAccess() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let (store, instance) = try HandMadeGuest.make([HandMadeCode.peek])
      _ = try store.trap(instance.function("0"), 16)
    }
  }

  /// An illegal instruction that is no trap's.
  @Test func illegalInstruction() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      let (store, instance) = try HandMadeGuest.make([HandMadeCode.illegal])
      _ = try store.trap(instance.function("0"))
    }
  }

  /// An access to a guest's memory that is out of bounds, but by the host.
  @Test func faultOfTheHost() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let (_, instance) = try HandMadeGuest.make(
        [HandMadeCode.add], memory: Limits(minimum: 1, maximum: 1))
      let base = instance.memory("memory")!.definition.pointee.base!
      base.storeBytes(of: 1, toByteOffset: 65_536, as: UInt8.self)
    }
  }

  /// The same inside a host function, while a guest waits for it.
  @Test func faultOfAHostFunction() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let poke = HostFunctionDefinition(
        module: "host", name: "poke", type: handMadeType,
        function: { _, slots in
          UnsafeMutablePointer<UInt8>(bitPattern: UInt(slots[0]))!.pointee = 1
          return GuestStatus.finished
        }, environment: nil)
      let offset = try HandMadeGuest.importOffset(0, of: 1)
      let (store, instance) = try HandMadeGuest.make(
        [HandMadeCode.call(at: offset)], hostFunctions: [poke])
      _ = try store.trap(instance.function("0"), 16)
    }
  }

  /// A signal that was sent, while no guest runs.
  @Test func sentSignal() async {
    let result = await #expect(
      processExitsWith: .signal(SIGFPE), observing: [\.standardErrorContent]
    ) {
      // No handler before ours, as in the program.
      signal(SIGFPE, SIG_DFL)
      _ = try Store()
      raise(SIGFPE)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("wasmrun: crashed: SIGFPE at pc 0x0000"))
  }
}
