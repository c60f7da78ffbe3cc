// Two pieces that C++ cannot say: passing a message on with its arguments as
// they came, and moving from one stack to another.

#if defined(__x86_64__)
    .text
    .globl objc_msgSend
    .type objc_msgSend, @function
objc_msgSend:
    push %rbp
    mov  %rsp, %rbp
    sub  $64, %rsp
    mov  %rdi, (%rsp)
    mov  %rsi, 8(%rsp)
    mov  %rdx, 16(%rsp)
    mov  %rcx, 24(%rsp)
    mov  %r8, 32(%rsp)
    mov  %r9, 40(%rsp)
    movsd %xmm0, 48(%rsp)
    call sim_lookup@PLT
    mov  (%rsp), %rdi
    mov  8(%rsp), %rsi
    mov  16(%rsp), %rdx
    mov  24(%rsp), %rcx
    mov  32(%rsp), %r8
    mov  40(%rsp), %r9
    movsd 48(%rsp), %xmm0
    leave
    jmp  *%rax

    // void sim_switch(void** save, void* to)
    .globl sim_switch
    .type sim_switch, @function
sim_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov  %rsp, (%rdi)
    mov  %rsi, %rsp
    pop  %r15
    pop  %r14
    pop  %r13
    pop  %r12
    pop  %rbx
    pop  %rbp
    ret

#elif defined(__aarch64__)
    .text
    .globl objc_msgSend
    .type objc_msgSend, %function
objc_msgSend:
    stp x29, x30, [sp, #-96]!
    stp x0, x1, [sp, #16]
    stp x2, x3, [sp, #32]
    stp x4, x5, [sp, #48]
    stp x6, x7, [sp, #64]
    str d0, [sp, #80]
    bl  sim_lookup
    mov x16, x0
    ldp x0, x1, [sp, #16]
    ldp x2, x3, [sp, #32]
    ldp x4, x5, [sp, #48]
    ldp x6, x7, [sp, #64]
    ldr d0, [sp, #80]
    ldp x29, x30, [sp], #96
    br  x16

    .globl sim_switch
    .type sim_switch, %function
sim_switch:
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
#endif
    .section .note.GNU-stack,"",%progbits
