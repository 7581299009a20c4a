// Instructions with addresses that count from the base of GS, read back by LLVM's disassembler.

import Testing

@testable import BaselineCompiler

@Suite(.enabled(if: AssemblyListing.isPossible, "llvm-mc-19 is not installed"))
struct SegmentInstructionTests {
  /// Addresses, with what stands between the brackets.
  private static let addresses: [(Address, String)] =
    (0..<16 as Range<UInt8>).flatMap { code in
      let base = Register(code)
      let name = Names.name(base, true)
      return [
        (Address(inSegment: base, 0), name), (Address(inSegment: base, 8), "\(name) + 8"),
        (Address(inSegment: base, 4_096), "\(name) + 4096"),
      ]
    } + [
      (Address(inSegment: .none, 0), "0"), (Address(inSegment: .none, 8), "8"),
      (Address(inSegment: .none, Int32.max), "2147483647"),
    ]

  @Test func accesses() throws {
    var listing = AssemblyListing()
    for (address, text) in Self.addresses {
      listing.add("mov eax, dword ptr gs:[\(text)]") { $0.load(false, .rax, address) }
      listing.add("mov r9, qword ptr gs:[\(text)]") { $0.load(true, .r9, address) }
      listing.add("mov byte ptr gs:[\(text)], sil") { $0.store8(address, .rsi) }
      listing.add("mov word ptr gs:[\(text)], r10w") { $0.store16(address, .r10) }
      listing.add("mov dword ptr gs:[\(text)], 7") { $0.store(false, address, immediate: 7) }
      listing.add("movss xmm9, dword ptr gs:[\(text)]") {
        $0.vector(SSE.loadFloat, .xmm(9), address)
      }
      listing.add("movups xmmword ptr gs:[\(text)], xmm3") {
        $0.vector(SSE.storeUnaligned, .xmm(3), address)
      }
      listing.add("pinsrd xmm8, dword ptr gs:[\(text)], 2") {
        $0.vector(.three3A(0x22), .xmm(8), address, 2)
      }
      listing.add("lock cmpxchg word ptr gs:[\(text)], r11w") {
        $0.compareAndExchange(.two, address, .r11)
      }
      listing.add("lock xadd qword ptr gs:[\(text)], rdx") {
        $0.exchangeAndAdd(.eight, address, .rdx)
      }
    }
    #expect(try listing.disassembled() == listing.expected)
  }

  @Test func theBase() throws {
    var listing = AssemblyListing()
    for code in 0..<16 as Range<UInt8> {
      let register = Register(code)
      listing.add("wrgsbase \(Names.name(register, true))") { $0.writeSegmentBase(register) }
    }
    #expect(try listing.disassembled() == listing.expected)
  }
}
