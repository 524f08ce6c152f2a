; As assembly.ll, on AArch64.
; VERSIONS: 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
target triple = "aarch64-unknown-linux-gnu"

; Exclusive loads and stores: 4 bytes, reads, writes, orders.
; CHECK-LABEL: define void @add(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2820)
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 2820)
define void @add(ptr %p) sanitize_thread {
  %r = call { i32, i32 } asm sideeffect "1: ldxr ${0:w}, $2\0A add ${0:w}, ${0:w}, #1\0A stlxr ${1:w}, ${0:w}, $2\0A cbnz ${1:w}, 1b", "=&r,=&r,=*Q,*Q,~{memory}"(ptr elementtype(i32) %p, ptr elementtype(i32) %p)
  ret void
}

; With a comparison between them the store may be left out.
; CHECK-LABEL: define void @compare_exchange(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 3848)
define void @compare_exchange(ptr %p, i64 %old, i64 %new) sanitize_thread {
  %r = call { i64, i32 } asm sideeffect "1: ldaxr $0, [$2]\0A cmp $0, $3\0A b.ne 2f\0A stxr ${1:w}, $4, [$2]\0A cbnz ${1:w}, 1b\0A2:", "=&r,=&r,r,r,r,~{memory}"(ptr %p, i64 %old, i64 %new)
  ret void
}

; One instruction of the large system extensions; a byte.
; CHECK-LABEL: define void @swap(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2817)
define void @swap(ptr %p) sanitize_thread {
  %r = call i32 asm sideeffect "swpalb ${1:w}, ${0:w}, [$2]", "=r,r,r,~{memory}"(i32 1, ptr %p)
  ret void
}

; ldar acquires, stlr releases; ldr alone is a relaxed load, dmb a fence.
; CHECK-LABEL: define void @ordered(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2312)
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 2312)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2568)
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 264)
; CHECK: call void @__hindsight_atomic_fence(i32 5)
define void @ordered(ptr %p) sanitize_thread {
  %a = call i64 asm sideeffect "ldar $0, $1", "=r,*Q,~{memory}"(ptr elementtype(i64) %p)
  call void asm sideeffect "stlr $1, $0", "=*Q,r,~{memory}"(ptr elementtype(i64) %p, i64 1)
  %b = call i64 asm sideeffect "ldr $0, $1", "=r,*m"(ptr elementtype(i64) %p)
  call void asm sideeffect "dmb ish // all", "~{memory}"()
  ret void
}

; A single move beside a fence is ordered by it, on whichever side it stands.
; CHECK-LABEL: define void @fenced(
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK-NEXT: call void @__hindsight_assembly_begin(ptr %p, i64 2564)
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK-NEXT: call void @__hindsight_assembly_begin(ptr %p, i64 2308)
; CHECK: call void @__hindsight_assembly_end(ptr %p, i64 2308)
define void @fenced(ptr %p) sanitize_thread {
  call void asm sideeffect "dmb ish\0A str ${1:w}, $0", "=*Q,r,~{memory}"(ptr elementtype(i32) %p, i32 1)
  %a = call i32 asm sideeffect "ldr ${0:w}, $1\0A dmb ishld", "=r,*Q,~{memory}"(ptr elementtype(i32) %p)
  ret void
}

; A loop that polls by a plain load.
; CHECK-LABEL: define void @polls(
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK-NEXT: call void @__hindsight_assembly_begin(ptr %p, i64 2308)
define void @polls(ptr %p) sanitize_thread {
  %r = call i32 asm sideeffect "1: ldr ${0:w}, [$1]\0A cbnz ${0:w}, 2f\0A yield\0A b 1b\0A2: dmb ishld", "=&r,r,~{memory}"(ptr %p)
  ret void
}

; `swp` is no pair, `casp` is one however it is ordered.
; CHECK-LABEL: define void @pairs(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2820)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 3856)
define void @pairs(ptr %p, i64 %old, i64 %new) sanitize_thread {
  %a = call i32 asm sideeffect "swp ${1:w}, ${0:w}, [$2]", "=r,r,r,~{memory}"(i32 1, ptr %p)
  call void asm sideeffect "caspal x0, x1, x2, x3, [$0]", "r,~{x0},~{x1},~{x2},~{x3},~{memory}"(ptr %p)
  ret void
}

; The width is that of the register's name, whatever the types: 4 bytes, 4, 16.
; CHECK-LABEL: define void @widths(
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 260)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 260)
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2832)
define void @widths(ptr %p) sanitize_thread {
  %a = call i64 asm sideeffect "ldr ${0:w}, [$1]", "=r,r,~{memory}"(ptr %p)
  %b = call i64 asm sideeffect "ldrsw $0, [$1]", "=r,r,~{memory}"(ptr %p)
  %c = call { i64, i64, i32 } asm sideeffect "1: ldxp $0, $1, [$3]\0A stxp ${2:w}, $0, $1, [$3]\0A cbnz ${2:w}, 1b", "=&r,=&r,=&r,r,~{memory}"(ptr %p)
  ret void
}

; Nothing comes between the halves of an exclusive pair: the store would never succeed.
; CHECK-LABEL: define void @halves(
; CHECK-NOT: call void @__hindsight_a
; CHECK: ret void
define void @halves(ptr %p) sanitize_thread {
  %a = call i32 asm sideeffect "ldxr ${0:w}, [$1]", "=r,r,~{memory}"(ptr %p)
  %b = call i32 asm sideeffect "stxr ${0:w}, ${1:w}, [$2]", "=&r,r,r,~{memory}"(i32 %a, ptr %p)
  ret void
}
