// jump_fcontext, ontop_fcontext, make_fcontext: the context switches of Boost.Context, with a tag in each
// context that is left (threads/contexts.h).
//
// Boost's own are in libboost_context, compiled; these take their place, in the program and in
// libraries such as libboost_fiber. Weak: a program that is linked with others keeps those.
//
//   a context that is left, from its stack pointer up, on x86-64:
//     +0   MXCSR : 4 | x87 control word : 2 | unused : 2
//     +8   tag : 16
//     +24  r12 r13 r14 r15 rbx rbp : 48
//     +72  where to go on
//   on AArch64:
//     +0   tag : 16
//     +16  d8 .. d15 : 64
//     +80  x19 .. x28 : 80
//     +160 x29, x30 (where to go on) : 16
#if defined(__x86_64__)
        .text

        .macro  leave_context
        .cfi_startproc
        pushq   %rbp
        pushq   %rbx
        pushq   %r15
        pushq   %r14
        pushq   %r13
        pushq   %r12
        subq    $24, %rsp
        .cfi_def_cfa_offset 80
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movq    %rdi, %r12
        movq    %rsi, %r13
        movq    %rdx, %r14
        leaq    8(%rsp), %rdi
        leaq    8(%r12), %rsi
        movq    %r12, %rdx
        callq   hindsightSwitchContext
        movq    %rsp, %rdi              // the context that was left: first argument, first result
        movq    %rdi, %rax
        movq    %r13, %rsi              // second argument,
        movq    %r13, %rdx              // second result
        movq    %r14, %r8
        movq    %r12, %rsp
        ldmxcsr (%rsp)
        fldcw   4(%rsp)
        addq    $24, %rsp
        popq    %r12
        popq    %r13
        popq    %r14
        popq    %r15
        popq    %rbx
        popq    %rbp
        .cfi_def_cfa_offset 8
        .endm

        // struct { void* left; void* data; } jump_fcontext(void* target, void* data)
        .weak   jump_fcontext
        .type   jump_fcontext, @function
        .p2align 4
jump_fcontext:
        leave_context
        retq
        .cfi_endproc
        .size   jump_fcontext, .-jump_fcontext

        // As jump_fcontext, but `function` runs first in the target, with the result as its argument, and
        // what it returns is the result there.
        .weak   ontop_fcontext
        .type   ontop_fcontext, @function
        .p2align 4
ontop_fcontext:
        leave_context
        jmpq    *%r8
        .cfi_endproc
        .size   ontop_fcontext, .-ontop_fcontext

        // void* make_fcontext(void* stack_end, size_t stack_bytes, void (*function)(struct transfer))
        .weak   make_fcontext
        .type   make_fcontext, @function
        .p2align 4
make_fcontext:
        movq    (%rsp), %rcx
        leaq    __hindsight_context_begin(%rip), %r8
        jmp     hindsightMakeFcontext
        .size   make_fcontext, .-make_fcontext

        // Where a context begins: its function is in rbx, the arguments are where the switch left them.
        .hidden __hindsight_context_begin
        .globl  __hindsight_context_begin
        .type   __hindsight_context_begin, @function
        .p2align 4
__hindsight_context_begin:
        .cfi_startproc
        .cfi_undefined %rip
        callq   *%rbx
        xorl    %edi, %edi
        callq   _exit
        ud2
        .cfi_endproc
        .size   __hindsight_context_begin, .-__hindsight_context_begin

#elif defined(__aarch64__)
        .text

        .macro  leave_context
        .cfi_startproc
        sub     sp, sp, #176
        .cfi_def_cfa_offset 176
        stp     d8, d9, [sp, #16]
        stp     d10, d11, [sp, #32]
        stp     d12, d13, [sp, #48]
        stp     d14, d15, [sp, #64]
        stp     x19, x20, [sp, #80]
        stp     x21, x22, [sp, #96]
        stp     x23, x24, [sp, #112]
        stp     x25, x26, [sp, #128]
        stp     x27, x28, [sp, #144]
        stp     x29, x30, [sp, #160]
        .cfi_offset x29, -16
        .cfi_offset x30, -8
        mov     x19, x0
        mov     x20, x1
        mov     x21, x2
        mov     x0, sp
        mov     x1, x19
        mov     x2, x19
        bl      hindsightSwitchContext
        mov     x0, sp                  // the context that was left: first argument, first result
        mov     x1, x20                 // second argument, second result
        mov     x9, x21
        mov     sp, x19
        ldp     d8, d9, [sp, #16]
        ldp     d10, d11, [sp, #32]
        ldp     d12, d13, [sp, #48]
        ldp     d14, d15, [sp, #64]
        ldp     x19, x20, [sp, #80]
        ldp     x21, x22, [sp, #96]
        ldp     x23, x24, [sp, #112]
        ldp     x25, x26, [sp, #128]
        ldp     x27, x28, [sp, #144]
        ldp     x29, x30, [sp, #160]
        add     sp, sp, #176
        .cfi_def_cfa_offset 0
        .cfi_restore x29
        .cfi_restore x30
        .endm

        .weak   jump_fcontext
        .type   jump_fcontext, @function
        .p2align 4
jump_fcontext:
        leave_context
        ret
        .cfi_endproc
        .size   jump_fcontext, .-jump_fcontext

        .weak   ontop_fcontext
        .type   ontop_fcontext, @function
        .p2align 4
ontop_fcontext:
        leave_context
        br      x9
        .cfi_endproc
        .size   ontop_fcontext, .-ontop_fcontext

        .weak   make_fcontext
        .type   make_fcontext, @function
        .p2align 4
make_fcontext:
        mov     x3, x30
        adrp    x4, __hindsight_context_begin
        add     x4, x4, :lo12:__hindsight_context_begin
        b       hindsightMakeFcontext
        .size   make_fcontext, .-make_fcontext

        // As above; the function is in x19.
        .hidden __hindsight_context_begin
        .globl  __hindsight_context_begin
        .type   __hindsight_context_begin, @function
        .p2align 4
__hindsight_context_begin:
        .cfi_startproc
        .cfi_undefined x30
        blr     x19
        mov     w0, #0
        bl      _exit
        brk     #1
        .cfi_endproc
        .size   __hindsight_context_begin, .-__hindsight_context_begin
#endif
        .section .note.GNU-stack,"",%progbits
