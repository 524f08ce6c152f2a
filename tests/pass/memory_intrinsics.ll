; Large copies and fills are done by the runtime, which checks them; small ones are checked as the
; loads and stores that they become.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; CHECK-LABEL: define void @large(
; CHECK: call ptr @__hindsight_memcpy(ptr %p, ptr %q, i64 100)
; CHECK: call ptr @__hindsight_memmove(ptr %p, ptr %q, i64 %n)
; CHECK: call ptr @__hindsight_memset(ptr %p, i32 7, i64 %n)
; CHECK-NOT: @llvm.mem
; CHECK: ret void
define void @large(ptr %p, ptr %q, i64 %n) sanitize_thread {
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %q, i64 100, i1 false)
  call void @llvm.memmove.p0.p0.i64(ptr %p, ptr %q, i64 %n, i1 true)
  call void @llvm.memset.p0.i64(ptr %p, i8 7, i64 %n, i1 false)
  ret void
}

; CHECK-LABEL: define void @small(
; CHECK-DAG: call preserve_allcc void @__hindsight_read16_leaf(
; CHECK-DAG: call preserve_allcc void @__hindsight_write16_leaf(
; CHECK: call void @llvm.memcpy.p0.p0.i64(
; CHECK: ret void
define void @small(ptr %p, ptr %q) sanitize_thread {
  call void @llvm.memcpy.p0.p0.i64(ptr align 8 %p, ptr align 8 %q, i64 16, i1 false)
  ret void
}

; CHECK-LABEL: define void @unchecked(
; CHECK: call void @llvm.memset.p0.i64(
define void @unchecked(ptr %p, i64 %n) {
  call void @llvm.memset.p0.i64(ptr %p, i8 7, i64 %n, i1 false)
  ret void
}
