// The helpers that code generation may refer to without our asking, linked into every image.

internal import CLLVM

extension UnitModule {
  /// Defines the constants that bodies load instead of knowing them, and what LLVM calls for large
  /// copies and fills, should it ever make one: bodies carry `no-builtins`, so it has little cause.
  /// A trap in here is one of the guest's access.
  func defineHelpers() {
    let text = HiddenConstant.definitions + Self.copyHelpers
    LLVMSetModuleInlineAsm2(module, text, text.utf8.count)
  }

  private static let copyHelpers = """
    .section .text.helpers, "ax", @progbits
    .globl memcpy
    .hidden memcpy
    memcpy:
      mov %rdi, %rax
      mov %rdx, %rcx
      rep movsb
      ret
    .globl memmove
    .hidden memmove
    memmove:
      mov %rdi, %rax
      mov %rdx, %rcx
      mov %rdi, %r8
      sub %rsi, %r8
      cmp %rdx, %r8
      jb 1f
      rep movsb
      ret
    1:
      lea -1(%rdi, %rdx), %rdi
      lea -1(%rsi, %rdx), %rsi
      std
      rep movsb
      cld
      ret
    .globl memset
    .hidden memset
    memset:
      mov %rdi, %r8
      mov %esi, %eax
      mov %rdx, %rcx
      rep stosb
      mov %r8, %rax
      ret

    """
}
