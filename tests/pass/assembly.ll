; Inline assembly with atomic operations in it is announced, and nothing else in assembly is.
; The word behind an address: bytes, 0x100 reads, 0x200 writes, 0x400 may fail, 0x800 acquires and releases.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-assembly %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF
; OFF-NOT: call void @__hindsight_assembly_
; OFF-NOT: call void @__hindsight_atomic_fence
target triple = "x86_64-pc-linux-gnu"

; An exchange locks by itself: 1 byte, 0x100 + 0x200 + 0x800.
; CHECK-LABEL: define void @exchange(
; CHECK: call void @__hindsight_assembly_begin(ptr %lock, i64 2817)
; CHECK-NEXT: asm sideeffect "xchgb
; CHECK-NEXT: call void @__hindsight_assembly_end(ptr %lock, i64 2817)
define void @exchange(ptr %lock) sanitize_thread {
  %old = call i8 asm sideeffect "xchgb $0, $1", "=q,=*m,0,*m,~{memory}"(ptr elementtype(i8) %lock, i8 1, ptr elementtype(i8) %lock)
  ret void
}

; The suffix says 4 bytes, whatever the operand's type; it may fail.
; CHECK-LABEL: define i32 @compare_exchange(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 3844)
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 3844)
define i32 @compare_exchange(ptr %p) sanitize_thread {
  %seen = call i32 asm sideeffect "lock; cmpxchgl $2, $1", "={ax},=*m,r,0,*m,~{memory}"(ptr elementtype([10 x i64]) %p, i32 1, i32 0, ptr elementtype([10 x i64]) %p)
  ret i32 %seen
}

; `lock` on a line of its own, a label that touches it, a comment, and the address in a register that also comes out.
; CHECK-LABEL: define void @address(
; CHECK: call void @__hindsight_assembly_begin(ptr %[[AT:.*]], i64 2820)
; CHECK: call void @__hindsight_assembly_end(ptr %{{.*}}, i64 2820)
define void @address(ptr %p) sanitize_thread {
  %both = call { i32, ptr } asm sideeffect "# add\0A\091:lock\0A\09xadd $0, 8($1) # there", "=r,=r,0,1,~{memory}"(i32 1, ptr %p)
  ret void
}

; Nobody says how wide: it orders, and is not checked.
; CHECK-LABEL: define void @unknown_width(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2816)
define void @unknown_width(ptr %p) sanitize_thread {
  call void asm sideeffect "lock inc ($0)", "r,~{memory}"(ptr %p)
  ret void
}

; Which word the bit is in, a register says; it is not checked.
; CHECK-LABEL: define void @bit(
; CHECK: %[[WORD:.*]] = ashr i64 %n, 6
; CHECK: %[[BYTES:.*]] = mul i64 %[[WORD]], 8
; CHECK: %[[AT:.*]] = getelementptr i8, ptr %p, i64 %[[BYTES]]
; CHECK: call void @__hindsight_assembly_begin(ptr %[[AT]], i64 2816)
define void @bit(ptr %p, i64 %n) sanitize_thread {
  call void asm sideeffect "lock; btsq $1, $0", "=*m,Ir,*m,~{memory}"(ptr elementtype(i64) %p, i64 %n, ptr elementtype(i64) %p)
  ret void
}

; Sixteen bytes; what stands around the operation counts for nothing.
; CHECK-LABEL: define void @pair(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 3856)
; CHECK-NOT: call void @__hindsight_assembly_begin
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 3856)
define void @pair(ptr %p) sanitize_thread {
  %done = call i8 asm sideeffect "lock cmpxchg16b $0; setz $1", "=*m,=q,*m,{ax},{dx},{bx},{cx},~{memory}"(ptr elementtype(i64) %p, ptr elementtype(i64) %p, i64 0, i64 0, i64 1, i64 1)
  ret void
}

; One move: a store releases, a load acquires; of both spellings the first is AT&T's.
; CHECK-LABEL: define i32 @moves(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2564)
; CHECK-NEXT: asm
; CHECK-NOT: call void @__hindsight_assembly_end
; CHECK: call void @__hindsight_assembly_begin(ptr %q, i64 2308)
; CHECK-NEXT: call i32 asm
; CHECK-NEXT: call void @__hindsight_assembly_end(ptr %q, i64 2308)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2824)
define i32 @moves(ptr %p, ptr %q) sanitize_thread {
  call void asm sideeffect "movl $1, $0", "=*m,r,~{memory}"(ptr elementtype(i32) %p, i32 1)
  %value = call i32 asm sideeffect "movl $1, $0", "=r,*m,~{memory}"(ptr elementtype(i32) %q)
  call void asm sideeffect "lock $(incq $0$|inc qword ptr $0$)", "=*m,*m,~{memory}"(ptr elementtype(i64) %p, ptr elementtype(i64) %p)
  ret i32 %value
}

; Intel's order of operands.
; CHECK-LABEL: define void @intel(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2564)
define void @intel(ptr %p) sanitize_thread {
  call void asm sideeffect inteldialect "mov $0, $1", "=*m,r,~{memory}"(ptr elementtype(i32) %p, i32 1)
  ret void
}

; CHECK-LABEL: define void @fences(
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK-NOT: call void @__hindsight_atomic_fence
define void @fences() sanitize_thread {
  call void asm sideeffect "mfence", "~{memory}"()
  call void asm sideeffect "lock; addl $$0,0(%rsp)", "~{memory},~{cc}"()
  ret void
}

; Atomic operations of functions that are not checked order all the same.
; CHECK-LABEL: define void @unchecked(
; CHECK: call void @__hindsight_assembly_begin(
define void @unchecked(ptr %p) {
  call void asm sideeffect "lock; incl $0", "=*m,*m"(ptr elementtype(i32) %p, ptr elementtype(i32) %p)
  ret void
}

; No `lock`, an empty text, registers only, moves among other instructions or into a register that is named, a label's
; name, the stack pointer.
; CHECK-LABEL: define void @nothing(
; CHECK-NOT: call void @__hindsight_a
; CHECK: ret void
define void @nothing(ptr %p, i64 %i) sanitize_thread {
  call void asm sideeffect "incl $0", "=*m,*m"(ptr elementtype(i32) %p, ptr elementtype(i32) %p)
  call void asm sideeffect "", "=*m,*m,~{memory}"(ptr elementtype(i32) %p, ptr elementtype(i32) %p)
  %x = call i32 asm "xchgl %ebx, $0", "=r,0"(i32 1)
  call void asm sideeffect "movl $1, $0; rdtsc", "=*m,r,~{memory}"(ptr elementtype(i32) %p, i32 1)
  call void asm sideeffect "movq $0, %mm7", "*m"(ptr elementtype(i64) %p)
  call void asm sideeffect inteldialect "movq mm7, $0", "*m"(ptr elementtype(i64) %p)
  call void asm sideeffect "movq %gs:$0, $1", "*m,r"(ptr elementtype(i64) %p, i64 1)
  call void asm sideeffect "lock_here: incl $0", "=*m,*m"(ptr elementtype(i32) %p, ptr elementtype(i32) %p)
  call void asm sideeffect "movq %rsp, $0", "=*m"(ptr elementtype(i64) %p)
  call void asm sideeffect "rdtsc", "~{ax},~{dx}"()
  ret void
}

; The address: in a register, behind a constant, with an index, in a register that is named, as an integer, a variable's.
; CHECK-LABEL: define void @addresses(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2820)
; CHECK: %[[CONSTANT:.*]] = getelementptr i8, ptr %p, i64 24
; CHECK: call void @__hindsight_assembly_begin(ptr %[[CONSTANT]], i64 2820)
; CHECK: %[[SCALED:.*]] = mul i64 %i, 4
; CHECK: %[[INDEXED:.*]] = getelementptr i8, ptr %p, i64 %[[SCALED]]
; CHECK: call void @__hindsight_assembly_begin(ptr %[[INDEXED]], i64 2820)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 3856)
; CHECK: %[[INTEGER:.*]] = inttoptr i64 %i to ptr
; CHECK: call void @__hindsight_assembly_begin(ptr %[[INTEGER]], i64 2820)
; CHECK: call void @__hindsight_assembly_begin(ptr @variable, i64 2820)
@variable = internal global i32 0
define void @addresses(ptr %p, i64 %i) sanitize_thread {
  call void asm sideeffect "lock; incl ${0:a}", "r,~{memory}"(ptr %p)
  call void asm sideeffect ".byte 0xf0; incl ${1:c}+8($0)", "r,i,~{memory}"(ptr %p, i64 16)
  call void asm sideeffect "lock; incl ($0,$1,4) /* ; */", "r,r,~{memory}"(ptr %p, i64 %i)
  call void asm sideeffect "lock; cmpxchg16b (%rsi)", "{si},~{ax},~{bx},~{cx},~{dx},~{memory}"(ptr %p)
  call void asm sideeffect "lock; incl ($0)", "r,~{memory}"(i64 %i)
  call void asm sideeffect "lock; incl ${0:P}(%rip)", "i,~{memory}"(ptr @variable)
  ret void
}

; The narrower of the operand and the register beside it; a register's name.
; CHECK-LABEL: define void @widths(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2820)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2817)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2562)
define void @widths(ptr %p) sanitize_thread {
  %a = call i32 asm sideeffect "xchg $0, $1", "=r,=*m,0,*m"(ptr elementtype(i64) %p, i32 1, ptr elementtype(i64) %p)
  call void asm sideeffect "xchg %al, $0", "=*m,*m,~{ax}"(ptr elementtype(i64) %p, ptr elementtype(i64) %p)
  call void asm sideeffect inteldialect "mov word ptr [$0], 1", "r"(ptr %p)
  ret void
}

; What may be jumped over, comes behind another place, or is where the text has moved the register, is not checked.
; CHECK-LABEL: define void @beside(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2816)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2820)
; CHECK: call void @__hindsight_assembly_begin(ptr %q, i64 2560)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2816)
; CHECK: call void @__hindsight_assembly_begin(ptr %q, i64 2304)
define void @beside(ptr %p, ptr %q, i64 %n) sanitize_thread {
  call void asm sideeffect "testq $1, $1; jz 1f; lock; incl $0; 1:", "*m,r"(ptr elementtype(i32) %p, i64 %n)
  call void asm sideeffect "1: lock; decl $0; jns 1b; movl $$1, $1", "*m,*m"(ptr elementtype(i32) %p, ptr elementtype(i32) %q)
  %a = call ptr asm sideeffect "addq $$4, $0; lock; incl ($0)", "=r,0"(ptr %p)
  %b = call i32 asm sideeffect "movl $1, $0; lock; decl $2", "=&r,*m,*m"(ptr elementtype(i32) %q, ptr elementtype(i32) %p)
  ret void
}

; A loop that polls: jumps and pauses around one load, which surely happens. What a jump may pass is not checked.
; CHECK-LABEL: define void @polls(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2308)
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 2308)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2304)
define void @polls(ptr %p) sanitize_thread {
  call void asm sideeffect "1: cmpl $$0, $0; jne 2f; rep; nop; jmp 1b; 2:", "*m,~{memory}"(ptr elementtype(i32) %p)
  call void asm sideeffect "jmp 2f; 1: pause; 2: testl $$1, $0; jz 1b", "*m,~{memory}"(ptr elementtype(i32) %p)
  ret void
}
