; Functions that call others push their return address and put the pointer back; those that do not
; pass it to their cold calls.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @unknown()
declare i32 @setjmp(ptr) returns_twice

; CHECK-LABEL: define void @calls(
; CHECK: %[[OLD:.*]] = load i64, ptr getelementptr {{.*}}@__hindsight_tls
; CHECK: %[[NEW:.*]] = add i64 %[[OLD]], 8
; CHECK: store i64 %[[NEW]], ptr getelementptr {{.*}}@__hindsight_tls
; CHECK: call ptr @llvm.returnaddress(i32 0)
; CHECK: call void @unknown()
; CHECK: store i64 %[[OLD]], ptr getelementptr {{.*}}@__hindsight_tls
; CHECK-NEXT: ret void
define void @calls() sanitize_thread {
  call void @unknown()
  ret void
}

; CHECK-LABEL: define void @leaf(
; CHECK-NOT: store i64
; CHECK: call preserve_allcc void @__hindsight_write4_leaf(i64 %{{.*}}, i64
; CHECK-NOT: store i64
; CHECK: ret void
define void @leaf(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  ret void
}

; Nothing to say and nobody to tell.
; CHECK-LABEL: define i32 @nothing(
; CHECK-NEXT: add
; CHECK-NEXT: ret
define i32 @nothing(i32 %x) sanitize_thread {
  %y = add i32 %x, 1
  ret i32 %y
}

; The jump comes from any depth.
; CHECK-LABEL: define i32 @jumps(
; CHECK: %[[OLD:.*]] = load i64
; CHECK: %[[NEW:.*]] = add i64 %[[OLD]], 8
; CHECK: call i32 @setjmp(
; CHECK-NEXT: store i64 %[[NEW]], ptr getelementptr
; CHECK-NEXT: store i64 %[[OLD]], ptr getelementptr
; CHECK-NEXT: ret i32
define i32 @jumps(ptr %buffer) sanitize_thread {
  %again = call i32 @setjmp(ptr %buffer) returns_twice
  ret i32 %again
}

; Back before the callee takes the frame over, and nothing between it and the return.
; CHECK-LABEL: define void @hands_over(
; CHECK: %[[OLD:.*]] = load i64
; CHECK: store i64 %[[OLD]], ptr getelementptr
; CHECK-NEXT: musttail call void @unknown()
; CHECK-NEXT: ret void
define void @hands_over() sanitize_thread {
  musttail call void @unknown()
  ret void
}
