// The step from the host's stack to the guest's and back.

    .intel_syntax noprefix
    .text

// int32_t wasmrun_switch(activation rdi, stack_pointer rsi, thunk rdx, code rcx, vmcontext r8,
//                        slots r9)
    .globl wasmrun_switch
    .hidden wasmrun_switch
    .type wasmrun_switch, @function
    .p2align 4
wasmrun_switch:
    .cfi_startproc
    push rbp
    push rbx
    push r12
    push r13
    push r14
    push r15
    // Nothing above is of interest to an unwinder that comes from the guest: it ends here.
    .cfi_undefined rip
    mov [rdi], rsp
    test rsi, rsi
    cmovz rsi, rsp
    mov rsp, rsi
    and rsp, -16
    push rdi
    push rdi
    // Ends the chain of frame pointers.
    xor ebp, ebp
    mov rdi, rcx
    mov rsi, r8
    mov rax, rdx
    mov rdx, r9
    call rax
    pop rdi
    xor esi, esi
    .cfi_endproc
    .size wasmrun_switch, . - wasmrun_switch
    // Falls through.

// void wasmrun_leave(activation rdi, status esi): also where the signal handler continues, with
// nothing but these two registers set.
    .globl wasmrun_leave
    .hidden wasmrun_leave
    .type wasmrun_leave, @function
wasmrun_leave:
    .cfi_startproc
    .cfi_undefined rip
    mov rsp, [rdi]
    pop r15
    pop r14
    pop r13
    pop r12
    pop rbx
    pop rbp
    mov eax, esi
    ret
    .cfi_endproc
    .size wasmrun_leave, . - wasmrun_leave

// void wasmrun_enter_pad(pad rdi, stack_pointer rsi, frame_pointer rdx, exception rcx)
    .globl wasmrun_enter_pad
    .hidden wasmrun_enter_pad
    .type wasmrun_enter_pad, @function
wasmrun_enter_pad:
    .cfi_startproc
    .cfi_undefined rip
    mov rsp, rsi
    mov rbp, rdx
    mov rax, rcx
    xor edx, edx
    jmp rdi
    .cfi_endproc
    .size wasmrun_enter_pad, . - wasmrun_enter_pad

    .section .note.GNU-stack, "", @progbits
