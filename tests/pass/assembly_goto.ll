; As assembly.ll: `asm goto`, whose labels LLVM 14 wrote differently.
; VERSIONS: 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
target triple = "x86_64-pc-linux-gnu"

; `asm goto` hands the address on to where it may go, which may be reached without it: not checked there.
; CHECK-LABEL: define i32 @goes_on(
; CHECK: store ptr null, ptr %[[SLOT:.*]], align
; CHECK: call void @__hindsight_assembly_begin(ptr %p, i64 2820)
; CHECK: store ptr %p, ptr %[[SLOT]], align
; CHECK: callbr void asm
; CHECK: next:
; CHECK: call void @__hindsight_assembly_end(ptr %{{.*}}, i64 2816)
; CHECK: zero:
; CHECK: call void @__hindsight_assembly_end(ptr %{{.*}}, i64 2816)
define i32 @goes_on(ptr %p) sanitize_thread {
  callbr void asm sideeffect "lock; decl $0; jz ${1:l}", "*m,!i"(ptr elementtype(i32) %p) to label %next [label %zero]
next:
  ret i32 0
zero:
  ret i32 1
}
