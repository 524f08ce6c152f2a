// void __hindsight_on_report_stack(void (*function)(void*), void* argument, void* stack_top,
//                                  unsigned long vector_bytes)
//
// Calls function(argument) on the stack that ends at stack_top with every vector and mask register
// of the caller saved and restored: an access check promises to change none of them, and a report
// runs ordinary code. `vector_bytes` is the size of the XSAVE area (x86-64; 0: use FXSAVE).

#if defined(__x86_64__)
        .text
        .globl  __hindsight_on_report_stack
        .hidden __hindsight_on_report_stack
        .type   __hindsight_on_report_stack, @function
__hindsight_on_report_stack:
        .cfi_startproc
        pushq   %rbp
        .cfi_def_cfa_offset 16
        .cfi_offset %rbp, -16
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        pushq   %rbx
        .cfi_offset %rbx, -24
        pushq   %r12
        .cfi_offset %r12, -32
        movq    %rdi, %r12
        movq    %rsi, %rdi
        movq    %rcx, %rbx
        movq    %rdx, %rsp
        testq   %rbx, %rbx
        jz      1f
        subq    %rbx, %rsp
        andq    $-64, %rsp
        // The XSAVE header must be zero.
        xorl    %eax, %eax
        movq    %rax, 512(%rsp)
        movq    %rax, 520(%rsp)
        movq    %rax, 528(%rsp)
        movq    %rax, 536(%rsp)
        movq    %rax, 544(%rsp)
        movq    %rax, 552(%rsp)
        movq    %rax, 560(%rsp)
        movq    %rax, 568(%rsp)
        movl    $-1, %eax
        movl    $-1, %edx
        xsave64 (%rsp)
        movq    %rsp, %rbx
        cld
        callq   *%r12
        movl    $-1, %eax
        movl    $-1, %edx
        xrstor64 (%rbx)
        jmp     2f
1:      subq    $512, %rsp
        andq    $-64, %rsp
        fxsave64 (%rsp)
        movq    %rsp, %rbx
        cld
        callq   *%r12
        fxrstor64 (%rbx)
2:      leaq    -16(%rbp), %rsp
        popq    %r12
        popq    %rbx
        popq    %rbp
        .cfi_def_cfa %rsp, 8
        retq
        .cfi_endproc
        .size   __hindsight_on_report_stack, .-__hindsight_on_report_stack
#elif defined(__aarch64__)
        .text
        .globl  __hindsight_on_report_stack
        .hidden __hindsight_on_report_stack
        .type   __hindsight_on_report_stack, %function
__hindsight_on_report_stack:
        .cfi_startproc
        stp     x29, x30, [sp, #-32]!
        .cfi_def_cfa_offset 32
        .cfi_offset x29, -32
        .cfi_offset x30, -24
        mov     x29, sp
        .cfi_def_cfa x29, 32
        str     x19, [sp, #16]
        .cfi_offset x19, -16
        mov     x8, x0
        mov     x0, x1
        mov     sp, x2
        sub     sp, sp, #512
        stp     q0, q1, [sp]
        stp     q2, q3, [sp, #32]
        stp     q4, q5, [sp, #64]
        stp     q6, q7, [sp, #96]
        stp     q8, q9, [sp, #128]
        stp     q10, q11, [sp, #160]
        stp     q12, q13, [sp, #192]
        stp     q14, q15, [sp, #224]
        stp     q16, q17, [sp, #256]
        stp     q18, q19, [sp, #288]
        stp     q20, q21, [sp, #320]
        stp     q22, q23, [sp, #352]
        stp     q24, q25, [sp, #384]
        stp     q26, q27, [sp, #416]
        stp     q28, q29, [sp, #448]
        stp     q30, q31, [sp, #480]
        mov     x19, sp
        blr     x8
        mov     sp, x19
        ldp     q0, q1, [sp]
        ldp     q2, q3, [sp, #32]
        ldp     q4, q5, [sp, #64]
        ldp     q6, q7, [sp, #96]
        ldp     q8, q9, [sp, #128]
        ldp     q10, q11, [sp, #160]
        ldp     q12, q13, [sp, #192]
        ldp     q14, q15, [sp, #224]
        ldp     q16, q17, [sp, #256]
        ldp     q18, q19, [sp, #288]
        ldp     q20, q21, [sp, #320]
        ldp     q22, q23, [sp, #352]
        ldp     q24, q25, [sp, #384]
        ldp     q26, q27, [sp, #416]
        ldp     q28, q29, [sp, #448]
        ldp     q30, q31, [sp, #480]
        mov     sp, x29
        ldr     x19, [sp, #16]
        ldp     x29, x30, [sp], #32
        .cfi_def_cfa sp, 0
        ret
        .cfi_endproc
        .size   __hindsight_on_report_stack, .-__hindsight_on_report_stack
#endif
        .section .note.GNU-stack,"",%progbits
