// Machine code written by hand after the ABI page: tests the runtime without any compiler.

import CompilerInterface
import WasmModule

/// The one function type of hand-made code: two i64 in, one out.
let handMadeType = FunctionType(parameters: [.i64, .i64], results: [.i64])

/// Pieces of machine code. Parameters are in r14 and r15, the VMContext in r12.
enum HandMadeCode {
  /// Calls in: `thunk(code rdi, vmctx rsi, slots rdx)`.
  static let entryThunk: [UInt8] = [
    0x55,  // push rbp
    0x48, 0x89, 0xE5,  // mov rbp, rsp
    0x53, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57,  // push rbx, r12-r15
    0x52,  // push rdx
    0x48, 0x89, 0xF8,  // mov rax, rdi
    0x49, 0x89, 0xF4,  // mov r12, rsi
    0x4C, 0x8B, 0x32,  // mov r14, [rdx]
    0x4C, 0x8B, 0x7A, 0x08,  // mov r15, [rdx+8]
    0xFF, 0xD0,  // call rax
    0x5A,  // pop rdx
    0x48, 0x89, 0x02,  // mov [rdx], rax
    0x41, 0x5F, 0x41, 0x5E, 0x41, 0x5D, 0x41, 0x5C, 0x5B,  // pop r15-r12, rbx
    0x5D, 0xC3,  // pop rbp; ret
  ]

  /// Calls out; r12 is the host function's record.
  static let hostThunk: [UInt8] = [
    0x55,  // push rbp
    0x48, 0x89, 0xE5,  // mov rbp, rsp
    0x48, 0x83, 0xEC, 0x10,  // sub rsp, 16
    0x48, 0x8D, 0x84, 0x24, 0x00, 0x00, 0xFC, 0xFF,  // lea rax, [rsp-256K]
    0x49, 0x3B, 0x44, 0x24, 0x10,  // cmp rax, [r12+16]
    0x72, 0x28,  // jb exhausted
    0x4C, 0x89, 0x34, 0x24,  // mov [rsp], r14
    0x4C, 0x89, 0x7C, 0x24, 0x08,  // mov [rsp+8], r15
    0x48, 0x89, 0xE6,  // mov rsi, rsp
    0x49, 0x8B, 0x7C, 0x24, 0x48,  // mov rdi, [r12+72]
    0x41, 0x54, 0x41, 0x54,  // push r12, r12
    0x41, 0xFF, 0x54, 0x24, 0x40,  // call [r12+64]
    0x41, 0x5C, 0x41, 0x5C,  // pop r12, r12
    0x85, 0xC0,  // test eax, eax
    0x75, 0x0B,  // jne raise
    0x48, 0x8B, 0x04, 0x24,  // mov rax, [rsp]
    0xC9, 0xC3,  // leave; ret
    0xB8, 0x09, 0x00, 0x00, 0x00,  // exhausted: mov eax, 9
    0x89, 0xC6,  // raise: mov esi, eax
    0x4C, 0x89, 0xE7,  // mov rdi, r12
    0x49, 0x8B, 0x44, 0x24, 0x20,  // mov rax, [r12+32]
    0xFF, 0x10,  // call [rax]
  ]

  /// The sum of both parameters.
  static let add: [UInt8] = [0x4B, 0x8D, 0x04, 0x3E, 0xC3]  // lea rax, [r14+r15]; ret

  /// Traps with `code`.
  static func trap(_ code: UInt8) -> [UInt8] {
    frame([0x67, 0x0F, 0xB9, 0x40, code])  // ud1 eax, [eax+code]
  }

  /// An illegal instruction that is no trap.
  static let illegal: [UInt8] = frame([0x0F, 0x0B])  // ud2

  /// The first parameter divided by the second, leaving the check to the processor.
  static let divide: [UInt8] = frame([
    0x4C, 0x89, 0xF0,  // mov rax, r14
    0x31, 0xD2,  // xor edx, edx
    0x49, 0xF7, 0xF7,  // div r15
  ])

  /// The i32 in memory 0 at the first parameter plus the second, both up to 32 bits.
  static let load: [UInt8] = frame([
    0x49, 0x8B, 0x04, 0x24,  // mov rax, [r12]
    0x45, 0x89, 0xF6, 0x45, 0x89, 0xFF,  // mov r14d, r14d; mov r15d, r15d
    0x4C, 0x01, 0xF8,  // add rax, r15
    0x42, 0x8B, 0x04, 0x30,  // mov eax, [rax+r14]
  ])

  /// The i32 at the absolute address in the first parameter.
  static let peek: [UInt8] = frame([0x41, 0x8B, 0x06])  // mov eax, [r14]

  /// Calls itself for ever.
  static let recurse: [UInt8] = frame([0xE8, 0xF7, 0xFF, 0xFF, 0xFF])  // call recurse

  /// Calls what is at `offset` in the VMContext ({code, vmctx}) with the same arguments.
  static func call(at offset: Int) -> [UInt8] {
    frame(
      [0x41, 0x54, 0x41, 0x54, 0x49, 0x8B, 0x84, 0x24]  // push r12, r12; mov rax, [r12+…]
        + bytes(offset) + [0x4D, 0x8B, 0xA4, 0x24] + bytes(offset + 8)  // mov r12, [r12+…]
        + [0xFF, 0xD0, 0x41, 0x5C, 0x41, 0x5C])  // call rax; pop r12, r12
  }

  /// Calls itself, the first parameter one less each time, until it is 0; then does what is at
  /// `offset` in the VMContext, which must end in a trap.
  static func descendAndCall(at offset: Int) -> [UInt8] {
    let call = call(at: offset)
    return [
      0x4D, 0x85, 0xF6,  // test r14, r14
      0x74, 0x0E,  // jz call
    ]
      + frame([
        0x49, 0xFF, 0xCE,  // dec r14
        0xE8, 0xEF, 0xFF, 0xFF, 0xFF,  // call descendAndCall
      ]) + call
  }

  /// Calls `builtin(vmctx, 0, r14, r15)`.
  static func callBuiltin(_ builtin: Builtin) -> [UInt8] {
    frame([
      0x4C, 0x89, 0xE7,  // mov rdi, r12
      0x31, 0xF6,  // xor esi, esi
      0x4C, 0x89, 0xF2,  // mov rdx, r14
      0x4C, 0x89, 0xF9,  // mov rcx, r15
      0x49, 0x8B, 0x44, 0x24, 0x20,  // mov rax, [r12+32]
      0xFF, 0x50, UInt8(builtin.rawValue * 8),  // call [rax+…]
    ])
  }

  /// `body` between a frame's making and its removal.
  private static func frame(_ body: [UInt8]) -> [UInt8] {
    [0x55, 0x48, 0x89, 0xE5] + body + [0x5D, 0xC3]
  }

  private static func bytes(_ value: Int) -> [UInt8] {
    withUnsafeBytes(of: Int32(value).littleEndian) { Array($0) }
  }
}

extension CodeImageContents {
  /// An image of hand-made functions; thunks stand for type 0, which must be `handMadeType`.
  init(functions bodies: [[UInt8]], typeCount: Int = 1) {
    self.init()
    func place(_ code: [UInt8]) -> UInt32 {
      // No function begins where another one's call returns to.
      text += [0xCC]
      defer { text += code }
      return UInt32(text.count)
    }
    entryThunks = [place(HandMadeCode.entryThunk)] + Array(repeating: nil, count: typeCount - 1)
    hostThunks = [place(HandMadeCode.hostThunk)] + Array(repeating: nil, count: typeCount - 1)
    for body in bodies {
      let start = place(body)
      functions.append(
        FunctionRecord(body: start, tableEntry: start, byteCount: UInt32(body.count)))
    }
  }
}
