; What differs on AArch64: the offset of write cells is in the thread's block, and marks are `movz xzr`.
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: %opt -passes=hindsight -S %s | %llc -O2 -relocation-model=pic | %FileCheck --check-prefix=ASM %s
target datalayout = "e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32"
target triple = "aarch64-unknown-linux-gnu"

declare void @unknown()

; CHECK: @__hindsight_tls = external thread_local(initialexec) global [4 x i64]

; CHECK-LABEL: define void @write4(
; CHECK: %[[IMAGE:.*]] = load i64, ptr getelementptr {{.*}}@__hindsight_tls, i64 0, i64 3)
; CHECK: %[[OWN:.*]] = load i64, ptr @__hindsight_tls
; CHECK: add i64 %{{.*}}, %[[IMAGE]]
; CHECK: %[[SEEN:.*]] = load i32, ptr
; CHECK: icmp ne i32 %[[SEEN]]
; CHECK: call preserve_allcc void @__hindsight_write4_leaf(
;
; One load, one compare, one branch; the thread's block by way of the initial-exec model.
; ASM-LABEL: write4:
; ASM: adrp [[BLOCK:x[0-9]+]], :gottprel:__hindsight_tls
; ASM: ldr [[BLOCK]], {{\[}}[[BLOCK]], :gottprel_lo12:__hindsight_tls]
; ASM: mrs {{x[0-9]+}}, TPIDR_EL0
; ASM: ldr [[AT:x[0-9]+]], [{{x[0-9]+}}, #24]
; ASM: ldr w{{[0-9]+}}, [{{.*}}[[AT]]{{.*}}]
; ASM-NEXT: cmp
; ASM-NEXT: b.ne [[COLD:.LBB[0-9_]+]]
; ASM: str w{{[0-9]+}}, [x0]
; ASM: ret
; ASM: [[COLD]]:
; ASM: adrp [[CALLEE:x[0-9]+]], :got:__hindsight_write4_leaf
; ASM: ldr [[CALLEE]], {{\[}}[[CALLEE]], :got_lo12:__hindsight_write4_leaf]
; ASM: mov x1, x30
; ASM-NEXT: blr [[CALLEE]]
define void @write4(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  ret void
}

; The read image as everywhere.
; CHECK-LABEL: define i32 @read4(
; CHECK: load i64, ptr getelementptr {{.*}}@__hindsight_tls, i64 0, i64 2)
; CHECK: call preserve_allcc void @__hindsight_read4_leaf(
define i32 @read4(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  ret i32 %v
}

; The second cells of 16 bytes are behind the first.
; CHECK-LABEL: define void @write16(
; CHECK: %[[IMAGE:.*]] = load i64, ptr getelementptr {{.*}}@__hindsight_tls, i64 0, i64 3)
; CHECK: %[[AT:.*]] = add i64 %{{.*}}, %[[IMAGE]]
; CHECK: load i64
; CHECK: %[[NEXT:.*]] = add i64 %{{.*}}, %[[IMAGE]]
; CHECK: add i64 %[[NEXT]], 8
; CHECK: call preserve_allcc void @__hindsight_write16_leaf(
define void @write16(ptr %p, <4 x i32> %v) sanitize_thread {
  store <4 x i32> %v, ptr %p, align 16
  ret void
}

; Two parts, and the mark of the second: movz xzr, #0x4851.
; CHECK-LABEL: define void @neighbours(
; CHECK: call preserve_allcc void @__hindsight_write_parts_leaf(i64 %{{[0-9a-z]+}}, i64 281474976710664, i64
; CHECK-NEXT: call void asm sideeffect ".inst 3532196415", ""()
; CHECK-NEXT: br
; ASM-LABEL: neighbours:
; ASM: adrp x{{[0-9]+}}, :got:__hindsight_write_parts_leaf
; ASM: blr
; ASM: .inst 0xd2890a3f
define void @neighbours(ptr %p) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store i32 2, ptr %second, align 4
  store i32 1, ptr %p, align 4
  ret void
}

; The check keeps x9 to x15 and, of vector registers, v8 to v31: nothing is saved in memory for it.
; ASM-LABEL: keeps_vectors:
; ASM: b.ne [[COLD:.LBB[0-9_]+]]
; ASM-NOT: sp
; ASM: add v0.4s, v0.4s, v0.4s
; ASM: [[COLD]]:
; ASM: mov v[[KEPT:[0-9]+]].16b, v0.16b
; ASM-NOT: sp
; ASM: blr
; ASM-NOT: sp
; ASM: mov v0.16b, v[[KEPT]].16b
; ASM-NOT: sp
; ASM: .Lfunc_end
define <4 x i32> @keeps_vectors(ptr %p, <4 x i32> %v) sanitize_thread {
  store i8 1, ptr %p, align 4
  %w = add <4 x i32> %v, %v
  ret <4 x i32> %w
}

; The return address without a signature of pointer authentication (hint #7 is xpaclri).
; CHECK-LABEL: define void @calls(
; CHECK: call ptr @llvm.returnaddress(i32 0)
; ASM-LABEL: calls:
; ASM: hint #7
; ASM: str x30, [x{{[0-9]+}}]
; ASM: bl unknown
define void @calls(ptr %p) sanitize_thread {
  call void @unknown()
  store i8 1, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define i128 @exchange16(
; CHECK: call i128 @__hindsight_atomic128_exchange(ptr %p, i128 %v, i32 5)
; ASM-LABEL: exchange16:
; ASM: bl __hindsight_atomic128_exchange
define i128 @exchange16(ptr %p, i128 %v) sanitize_thread {
  %old = atomicrmw xchg ptr %p, i128 %v seq_cst
  ret i128 %old
}
