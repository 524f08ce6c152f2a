; A fence of the processor's, asked for by an intrinsic, is one; other intrinsics are not.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-assembly %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

declare void @llvm.x86.sse2.mfence()
declare void @llvm.x86.sse2.pause()
declare void @llvm.aarch64.dmb(i32)

; OFF-NOT: call void @__hindsight_atomic_fence

; CHECK-LABEL: define void @fences(
; CHECK: call{{.*}} @__hindsight_write4
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK-NEXT: call void @llvm.x86.sse2.mfence()
; CHECK: call{{.*}} @__hindsight_write4
; CHECK: ret void
define void @fences(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @llvm.x86.sse2.mfence()
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @barrier(
; CHECK: call void @__hindsight_atomic_fence(i32 5)
; CHECK-NEXT: call void @llvm.aarch64.dmb(i32 11)
; CHECK: ret void
define void @barrier() sanitize_thread {
  call void @llvm.aarch64.dmb(i32 11)
  ret void
}

; CHECK-LABEL: define void @pause(
; CHECK: call{{.*}} @__hindsight_write4
; CHECK-NOT: @__hindsight_
; CHECK: call void @llvm.x86.sse2.pause()
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @pause(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @llvm.x86.sse2.pause()
  store i32 2, ptr %p, align 4
  ret void
}
