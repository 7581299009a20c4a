// Instructions on memory as one step, and those on the stack's memory, read back by LLVM's
// disassembler.

import Testing

@testable import BaselineCompiler

@Suite(.enabled(if: AssemblyListing.isPossible, "llvm-mc-19 is not installed"))
struct AtomicInstructionTests {
  private static let widths: [(AtomicWidth, String, Int)] = [
    (.one, "byte", 8), (.two, "word", 16), (.four, "dword", 32), (.eight, "qword", 64),
  ]

  @Test func exchanges() throws {
    var listing = AssemblyListing()
    for (width, size, bits) in Self.widths {
      for address in Samples.someAddresses {
        let memory = Names.memory(address, size)
        for register in Samples.general {
          let name = Names.general(register, bits: bits)
          listing.add("xchg \(memory), \(name)") { $0.exchange(width, address, register) }
          listing.add("lock xadd \(memory), \(name)") {
            $0.exchangeAndAdd(width, address, register)
          }
          listing.add("lock cmpxchg \(memory), \(name)") {
            $0.compareAndExchange(width, address, register)
          }
        }
      }
    }
    listing.add("mfence") { $0.fence() }
    try listing.check()
  }

  @Test func testsAndStackMemory() throws {
    var listing = AssemblyListing()
    for register in Samples.general {
      listing.add("test \(Names.name(register, false)), 7") { $0.test(register, mask: 7) }
    }
    for address in Samples.someAddresses {
      listing.add("push \(Names.memory(address, "qword"))") { $0.push(address) }
      listing.add("pop \(Names.memory(address, "qword"))") { $0.pop(address) }
    }
    try listing.check()
  }
}
