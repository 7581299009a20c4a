// Instructions with the text that LLVM's disassembler is to read out of their bytes.

import Foundation
import TestSupport
import Testing

@testable import BaselineCompiler

/// A collection of instructions under test.
struct AssemblyListing: ~Copyable {
  private var assembler = Assembler(capacity: 1 << 20)
  private(set) var expected: [String] = []
  private var ends: [Int] = []

  static let disassembler = "/usr/bin/llvm-mc-19"
  static var isPossible: Bool {
    let exists = FileManager.default.isExecutableFile(atPath: disassembler)
    if !exists { print("ASSEMBLER NOT TESTED: there is no \(disassembler)") }
    return exists
  }

  init() {}

  /// Adds the one instruction that `emit` makes.
  mutating func add(_ text: String, _ emit: (inout Assembler) -> Void) {
    assembler.reserve()
    emit(&assembler)
    expected.append(text)
    ends.append(assembler.position)
  }

  /// What the disassembler says, an instruction a line; a line for each that was added.
  func disassembled() throws -> [String] {
    let bytes = assembler.bytes
    var start = 0
    var input = ""
    for end in ends {
      input += bytes[start..<end].map { "0x" + String($0, radix: 16) }.joined(separator: " ") + "\n"
      start = end
    }
    return try Self.disassembled(input)
  }

  /// The instructions that some code consists of.
  static func disassembled(_ code: some Sequence<UInt8>) throws -> [String] {
    try disassembled(code.map { "0x" + String($0, radix: 16) }.joined(separator: " ") + "\n")
  }

  /// What the disassembler makes of bytes in hexadecimal; an instruction ends with its line.
  private static func disassembled(_ input: String) throws -> [String] {
    let folder = try TemporaryDirectory()
    let (source, listing) = ("\(folder.path)/bytes.txt", "\(folder.path)/listing.txt")
    try Data(input.utf8).write(to: URL(fileURLWithPath: source))
    try Data().write(to: URL(fileURLWithPath: listing))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: disassembler)
    process.arguments = [
      "--disassemble", "-triple=x86_64", "--output-asm-variant=1", "-mattr=+bmi2,+lzcnt,+bmi",
      source,
    ]
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: listing))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOfFile: listing, encoding: .utf8)
    let lines = text.split(separator: "\n").dropFirst().map(normalized)
    // A prefix stands on a line of its own.
    var joined: [String] = []
    var prefix = ""
    for line in lines {
      if line == "lock" {
        prefix = "lock "
      } else {
        joined.append(prefix + line)
        prefix = ""
      }
    }
    return joined
  }

  /// Single blanks, no comment.
  private static func normalized(_ line: Substring) -> String {
    line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }

  /// The text with 32-bit numbers signed: LLVM writes some of them as they are, some unsigned.
  private static func signed(_ text: String) -> String {
    text.split(separator: " ").map { word in
      guard let value = Int(word), value > Int(Int32.max), value <= Int(UInt32.max) else {
        return String(word)
      }
      return String(value - (1 << 32))
    }.joined(separator: " ")
  }

  /// Compares everything that was added.
  func check() throws {
    let found = try disassembled()
    #expect(found.count == expected.count)
    for (wanted, line) in zip(expected, found) where Self.signed(wanted) != Self.signed(line) {
      Issue.record("expected `\(wanted)`, found `\(line)`")
    }
  }
}

/// The registers' names.
enum Names {
  private static let quad = [
    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15",
  ]
  private static let double = [
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d",
    "r13d", "r14d", "r15d",
  ]
  private static let word = [
    "ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w",
    "r14w", "r15w",
  ]
  private static let byte = [
    "al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b",
    "r13b", "r14b", "r15b",
  ]

  static func general(_ register: Register, bits: Int) -> String {
    let number = Int(register.number)
    return switch bits {
    case 8: byte[number]
    case 16: word[number]
    case 32: double[number]
    default: quad[number]
    }
  }

  static func name(_ register: Register, _ wide: Bool) -> String {
    general(register, bits: wide ? 64 : 32)
  }

  static func vector(_ register: Register) -> String { "xmm\(register.number)" }

  /// An address as LLVM writes it, with its size in front.
  static func memory(_ address: Address, _ size: String) -> String {
    var text = general(address.base, bits: 64)
    if address.index != .none {
      let factor = address.scale == 0 ? "" : "\(1 << Int(address.scale))*"
      text += " + \(factor)" + general(address.index, bits: 64)
    }
    if address.displacement > 0 { text += " + \(address.displacement)" }
    if address.displacement < 0 { text += " - \(-Int(address.displacement))" }
    return "\(size) ptr [\(text)]"
  }
}

/// Operands that together meet every case of the encoding.
enum Samples {
  static let general = (0..<16).map { Register(UInt8($0)) }
  static let vectors = (16..<32).map { Register(UInt8($0)) }
  static let some: [Register] = [.rax, .rcx, .rsp, .rbp, .rsi, .r8, .r12, .r13, .r15]
  static let someVectors: [Register] = [.xmm(0), .xmm(3), .xmm(7), .xmm(8), .xmm(15)]

  static let addresses: [Address] = {
    var addresses: [Address] = []
    for base in general {
      for displacement: Int32 in [0, 8, -128, 127, 128, -129, .max, .min + 1] {
        addresses.append(Address(base, displacement))
      }
      for index in [Register.rax, .rbp, .r8, .r12, .r13] where index != .rsp {
        addresses.append(Address(base, index, 0))
        addresses.append(Address(base, index, scale: 2, -24))
        addresses.append(Address(base, index, scale: 3, 4_096))
      }
    }
    return addresses
  }()

  static let someAddresses: [Address] = [
    Address(.rax, 0), Address(.rbp, -8), Address(.r12, 64), Address(.r13, .r9, 4_096),
    Address(.rsp, 16), Address(.r13, 0),
  ]
  static let immediates: [Int32] = [0, 1, -1, 127, -128, 128, -129, .max, .min]
}
