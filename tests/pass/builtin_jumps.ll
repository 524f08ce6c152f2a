; __builtin_setjmp returns again from any depth, and whatever has been released meanwhile.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare i32 @llvm.eh.sjlj.setjmp(ptr)
declare void @llvm.eh.sjlj.longjmp(ptr)
declare i64 @llvm.ctpop.i64(i64)

; The frame is put back, and the second write is checked for itself.
; CHECK-LABEL: define void @again(
; CHECK: %[[OLD:.*]] = load i64
; CHECK: %[[NEW:.*]] = add i64 %[[OLD]], 8
; CHECK: call{{.*}} @__hindsight_write4
; CHECK: call i32 @llvm.eh.sjlj.setjmp(
; CHECK-NEXT: store i64 %[[NEW]], ptr getelementptr
; CHECK: call{{.*}} @__hindsight_write4
; CHECK: ret void
define void @again(ptr %p, ptr %buffer) sanitize_thread {
  store i32 1, ptr %p, align 4
  %second = call i32 @llvm.eh.sjlj.setjmp(ptr %buffer)
  store i32 2, ptr %p, align 4
  ret void
}

; Any other intrinsic does nothing of the kind.
; CHECK-LABEL: define i64 @counts(
; CHECK-NOT: store i64
; CHECK: call{{.*}} @__hindsight_write4
; CHECK-NOT: call{{.*}} @__hindsight_write4
; CHECK: ret i64
define i64 @counts(ptr %p, i64 %x) sanitize_thread {
  store i32 1, ptr %p, align 4
  %bits = call i64 @llvm.ctpop.i64(i64 %x)
  store i32 2, ptr %p, align 4
  ret i64 %bits
}
