// Every form of an instruction on vector registers, read back by LLVM's disassembler.

import Testing

@testable import BaselineCompiler

@Suite(.enabled(if: AssemblyListing.isPossible, "llvm-mc-19 is not installed"))
struct VectorInstructionTests {
  /// Behind 66 0F.
  private static let integer: [(String, UInt8)] = [
    ("pand", 0xDB),
    ("por", 0xEB),
    ("pxor", 0xEF),
    ("pandn", 0xDF),
    ("packsswb", 0x63),
    ("packuswb", 0x67),
    ("packssdw", 0x6B),
    ("paddb", 0xFC),
    ("paddsb", 0xEC),
    ("paddusb", 0xDC),
    ("psubb", 0xF8),
    ("psubsb", 0xE8),
    ("psubusb", 0xD8),
    ("pminub", 0xDA),
    ("pmaxub", 0xDE),
    ("pavgb", 0xE0),
    ("paddw", 0xFD),
    ("paddsw", 0xED),
    ("paddusw", 0xDD),
    ("psubw", 0xF9),
    ("psubsw", 0xE9),
    ("psubusw", 0xD9),
    ("pmullw", 0xD5),
    ("pminsw", 0xEA),
    ("pmaxsw", 0xEE),
    ("pavgw", 0xE3),
    ("paddd", 0xFE),
    ("psubd", 0xFA),
    ("pmaddwd", 0xF5),
    ("paddq", 0xD4),
    ("psubq", 0xFB),
    ("pcmpeqb", 0x74),
    ("pcmpeqw", 0x75),
    ("pcmpeqd", 0x76),
    ("pcmpgtb", 0x64),
    ("pcmpgtw", 0x65),
    ("pcmpgtd", 0x66),
    ("punpcklbw", 0x60),
    ("punpckhbw", 0x68),
    ("punpcklqdq", 0x6C),
    ("pmuludq", 0xF4),
    ("psllw", 0xF1),
    ("pslld", 0xF2),
    ("psllq", 0xF3),
    ("psrlw", 0xD1),
    ("psrld", 0xD2),
    ("psrlq", 0xD3),
    ("psraw", 0xE1),
    ("psrad", 0xE2),
  ]
  /// Behind 66 0F 38.
  private static let three: [(String, UInt8)] = [
    ("pshufb", 0x00),
    ("pmaddubsw", 0x04),
    ("pmulhrsw", 0x0B),
    ("pabsb", 0x1C),
    ("pabsw", 0x1D),
    ("pabsd", 0x1E),
    ("pmovsxbw", 0x20),
    ("pmovsxwd", 0x23),
    ("pmovsxdq", 0x25),
    ("pmuldq", 0x28),
    ("pcmpeqq", 0x29),
    ("packusdw", 0x2B),
    ("pmovzxbw", 0x30),
    ("pmovzxwd", 0x33),
    ("pmovzxdq", 0x35),
    ("pcmpgtq", 0x37),
    ("pminsb", 0x38),
    ("pminsd", 0x39),
    ("pminuw", 0x3A),
    ("pminud", 0x3B),
    ("pmaxsb", 0x3C),
    ("pmaxsd", 0x3D),
    ("pmaxuw", 0x3E),
    ("pmaxud", 0x3F),
    ("pmulld", 0x40),
    ("ptest", 0x17),
  ]
  /// Arithmetic that exists for single scalars, double scalars and both kinds of vectors.
  private static let floats: [(String, UInt8)] = [
    ("add", SSE.add), ("mul", SSE.multiply), ("sub", SSE.subtract), ("min", SSE.minimum),
    ("div", SSE.divide), ("max", SSE.maximum), ("sqrt", SSE.squareRoot),
  ]

  /// The instruction between all registers.
  private func addPairs(
    _ listing: inout AssemblyListing, _ name: String, _ encoding: Encoding
  ) {
    for target in Samples.someVectors {
      for source in Samples.someVectors {
        listing.add("\(name) \(Names.vector(target)), \(Names.vector(source))") {
          $0.vector(encoding, target, source)
        }
      }
    }
  }

  @Test func integerInstructions() throws {
    var listing = AssemblyListing()
    for (name, opcode) in Self.integer { addPairs(&listing, name, SSE.integer(opcode)) }
    for (name, opcode) in Self.three { addPairs(&listing, name, .three38(opcode)) }
    for (name, opcode, group) in [
      ("psrlw", 0x71, 2), ("psrld", 0x72, 2), ("psrad", 0x72, 4), ("psrlq", 0x73, 2),
      ("psllq", 0x73, 6),
    ] {
      for register in Samples.someVectors {
        listing.add("\(name) \(Names.vector(register)), 7") {
          $0.shiftLanes(UInt8(opcode), group: UInt8(group), register, by: 7)
        }
      }
    }
    try listing.check()
  }

  @Test func floatInstructions() throws {
    var listing = AssemblyListing()
    for (name, opcode) in Self.floats {
      addPairs(&listing, name + "ss", SSE.scalar(opcode, isDouble: false))
      addPairs(&listing, name + "sd", SSE.scalar(opcode, isDouble: true))
      addPairs(&listing, name + "ps", SSE.packed(opcode, isDouble: false))
      addPairs(&listing, name + "pd", SSE.packed(opcode, isDouble: true))
    }
    for (name, opcode) in [
      ("andps", SSE.and), ("andnps", SSE.andNot), ("orps", SSE.or), ("xorps", SSE.xor),
    ] { addPairs(&listing, name, .two(opcode)) }
    addPairs(&listing, "ucomiss", SSE.compareUnordered(isDouble: false))
    addPairs(&listing, "ucomisd", SSE.compareUnordered(isDouble: true))
    addPairs(&listing, "cvtsd2ss", .two(0x5A, prefix: 0xF2))
    addPairs(&listing, "cvtss2sd", .two(0x5A, prefix: 0xF3))
    addPairs(&listing, "cvtpd2ps", .two(0x5A, prefix: 0x66))
    addPairs(&listing, "cvtps2pd", .two(0x5A))
    addPairs(&listing, "cvtdq2ps", .two(0x5B))
    addPairs(&listing, "cvttps2dq", .two(0x5B, prefix: 0xF3))
    addPairs(&listing, "cvttpd2dq", .two(0xE6, prefix: 0x66))
    addPairs(&listing, "cvtdq2pd", .two(0xE6, prefix: 0xF3))
    addPairs(&listing, "movaps", SSE.moveAligned)
    addPairs(&listing, "movsd", SSE.loadDouble)
    addPairs(&listing, "movddup", .two(0x12, prefix: 0xF2))
    addPairs(&listing, "unpcklpd", .two(0x14, prefix: 0x66))
    addPairs(&listing, "unpckhpd", .two(0x15, prefix: 0x66))
    addPairs(&listing, "unpcklps", .two(0x14))
    try listing.check()
  }

  @Test func instructionsWithAnImmediate() throws {
    var listing = AssemblyListing()
    let forms: [(String, Encoding)] = [
      ("pshufd", SSE.integer(0x70)), ("pshuflw", .two(0x70, prefix: 0xF2)),
      ("shufps", .two(0xC6)), ("insertps", .three3A(0x21)),
      ("roundss", SSE.roundScalar(isDouble: false)), ("roundsd", SSE.roundScalar(isDouble: true)),
      ("roundps", .three3A(0x08)), ("roundpd", .three3A(0x09)),
    ]
    for (name, encoding) in forms {
      for target in Samples.someVectors {
        for source in Samples.someVectors {
          listing.add("\(name) \(Names.vector(target)), \(Names.vector(source)), 11") {
            $0.vector(encoding, target, source, 11)
          }
        }
      }
    }
    let predicates = ["eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"]
    for (number, predicate) in predicates.enumerated() {
      for (suffix, encoding) in [
        ("ss", SSE.compareScalar(isDouble: false)), ("sd", SSE.compareScalar(isDouble: true)),
        ("ps", SSE.packed(0xC2, isDouble: false)), ("pd", SSE.packed(0xC2, isDouble: true)),
      ] {
        listing.add("cmp\(predicate)\(suffix) xmm9, xmm1") {
          $0.vector(encoding, .xmm(9), .xmm(1), UInt8(number))
        }
      }
    }
    try listing.check()
  }

  @Test func movesToAndFromGeneralRegisters() throws {
    var listing = AssemblyListing()
    for vector in Samples.someVectors {
      let name = Names.vector(vector)
      for general in Samples.some {
        let (narrow, wide) = (Names.name(general, false), Names.name(general, true))
        listing.add("movd \(name), \(narrow)") {
          $0.vector(SSE.fromGeneral(false), vector, general)
        }
        listing.add("movq \(name), \(wide)") {
          $0.vector(SSE.fromGeneral(true), vector, general)
        }
        listing.add("movd \(narrow), \(name)") { $0.vector(SSE.toGeneral(false), vector, general) }
        listing.add("movq \(wide), \(name)") { $0.vector(SSE.toGeneral(true), vector, general) }
        for (suffix, isDouble) in [("ss", false), ("sd", true)] {
          listing.add("cvtsi2\(suffix) \(name), \(narrow)") {
            $0.vector(SSE.fromInteger(false, isDouble: isDouble), vector, general)
          }
          listing.add("cvtsi2\(suffix) \(name), \(wide)") {
            $0.vector(SSE.fromInteger(true, isDouble: isDouble), vector, general)
          }
          listing.add("cvtt\(suffix)2si \(narrow), \(name)") {
            $0.vector(SSE.truncateToInteger(false, isDouble: isDouble), general, vector)
          }
          listing.add("cvtt\(suffix)2si \(wide), \(name)") {
            $0.vector(SSE.truncateToInteger(true, isDouble: isDouble), general, vector)
          }
        }
        listing.add("pmovmskb \(narrow), \(name)") {
          $0.vector(SSE.integer(0xD7), general, vector)
        }
        listing.add("movmskps \(narrow), \(name)") {
          $0.vector(SSE.packed(0x50, isDouble: false), general, vector)
        }
        listing.add("movmskpd \(narrow), \(name)") {
          $0.vector(SSE.packed(0x50, isDouble: true), general, vector)
        }
        listing.add("pextrb \(narrow), \(name), 3") {
          $0.vector(.three3A(0x14), vector, general, 3)
        }
        listing.add("pextrw \(narrow), \(name), 3") {
          $0.vector(.two(0xC5, prefix: 0x66), general, vector, 3)
        }
        listing.add("pextrd \(narrow), \(name), 3") {
          $0.vector(.three3A(0x16), vector, general, 3)
        }
        listing.add("pextrq \(wide), \(name), 1") {
          $0.vector(.three3A(0x16, wide: true), vector, general, 1)
        }
        for (mnemonic, size) in [("pinsrb", 0), ("pinsrw", 1), ("pinsrd", 2)] {
          listing.add("\(mnemonic) \(name), \(narrow), 1") {
            $0.vector(FunctionCompiler.insertion(UInt32(size)), vector, general, 1)
          }
        }
        listing.add("pinsrq \(name), \(wide), 1") {
          $0.vector(FunctionCompiler.insertion(3), vector, general, 1)
        }
      }
    }
    try listing.check()
  }

  @Test func memoryOperands() throws {
    var listing = AssemblyListing()
    for vector in Samples.someVectors {
      let name = Names.vector(vector)
      for address in Samples.someAddresses {
        for (mnemonic, size, load, store) in [
          ("movss", "dword", SSE.loadFloat, SSE.storeFloat),
          ("movsd", "qword", SSE.loadDouble, SSE.storeDouble),
          ("movups", "xmmword", SSE.loadUnaligned, SSE.storeUnaligned),
        ] {
          let memory = Names.memory(address, size)
          listing.add("\(mnemonic) \(name), \(memory)") { $0.vector(load, vector, address) }
          listing.add("\(mnemonic) \(memory), \(name)") { $0.vector(store, vector, address) }
        }
        listing.add("addsd \(name), \(Names.memory(address, "qword"))") {
          $0.vector(SSE.scalar(SSE.add, isDouble: true), vector, address)
        }
        listing.add("ucomiss \(name), \(Names.memory(address, "dword"))") {
          $0.vector(SSE.compareUnordered(isDouble: false), vector, address)
        }
        listing.add("pmovsxbw \(name), \(Names.memory(address, "qword"))") {
          $0.vector(.three38(0x20), vector, address)
        }
        listing.add("movddup \(name), \(Names.memory(address, "qword"))") {
          $0.vector(.two(0x12, prefix: 0xF2), vector, address)
        }
        for (mnemonic, size, place) in [
          ("pinsrb", "byte", 0), ("pinsrw", "word", 1), ("pinsrd", "dword", 2),
          ("pinsrq", "qword", 3),
        ] {
          listing.add("\(mnemonic) \(name), \(Names.memory(address, size)), 1") {
            $0.vector(FunctionCompiler.insertion(UInt32(place)), vector, address, 1)
          }
        }
        for (mnemonic, size, encoding) in [
          ("pextrb", "byte", Encoding.three3A(0x14)), ("pextrw", "word", .three3A(0x15)),
          ("pextrd", "dword", .three3A(0x16)), ("pextrq", "qword", .three3A(0x16, wide: true)),
        ] {
          listing.add("\(mnemonic) \(Names.memory(address, size)), \(name), 1") {
            $0.vector(encoding, vector, address, 1)
          }
        }
      }
      listing.add("mulsd \(name), qword ptr [rip]") {
        _ = $0.encodeRelative(SSE.scalar(SSE.multiply, isDouble: true), vector)
      }
    }
    listing.add("lea r11, [rip]") { _ = $0.encodeRelative(.one(0x8D, wide: true), .r11) }
    try listing.check()
  }
}
