; Without sanitize_thread plain accesses are left alone, but synchronisation is still seen; with
; disable_sanitizer_instrumentation nothing is done at all. ThreadSanitizer's pass is kept out.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; CHECK-LABEL: define void @plain(
; CHECK-NEXT: store i32 1, ptr %p
; CHECK-NEXT: ret void
define void @plain(ptr %p) {
  store i32 1, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @synchronising(
; CHECK: call void @__hindsight_atomic32_store(ptr %p, i32 1, i32 3)
; CHECK-NEXT: ret void
define void @synchronising(ptr %p) {
  store atomic i32 1, ptr %p release, align 4
  ret void
}

; CHECK-LABEL: define void @left_alone(
; CHECK-NEXT: store atomic i32 1
; CHECK-NEXT: ret void
define void @left_alone(ptr %p) disable_sanitizer_instrumentation {
  store atomic i32 1, ptr %p release, align 4
  ret void
}

; What another instrumentation wrote.
; CHECK-LABEL: define void @marked(
; CHECK-NEXT: store i32 1, ptr %p
; CHECK-NEXT: ret void
define void @marked(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4, !nosanitize !0
  ret void
}

; Chooses a function's version before the program is relocated.
; CHECK-LABEL: define ptr @chooser(
; CHECK-NEXT: store i32 1
; CHECK-NEXT: ret ptr
@version = ifunc void (), ptr @chooser
define ptr @chooser() sanitize_thread {
  store i32 1, ptr @chosen, align 4
  ret ptr @plain
}
@chosen = global i32 0

; Calls copies of what is called at other times, too.
; CHECK-LABEL: define ptr @caller(
; CHECK-NEXT: call i32 @helper.hindsight.early(i32 3)
; CHECK-NEXT: call void @elsewhere()
; CHECK-NEXT: call void @replaceable()
; CHECK-NEXT: ret ptr
@other_version = ifunc void (), ptr @caller
@same_version = ifunc void (), ptr @caller
define ptr @caller() sanitize_thread {
  %n = call i32 @helper(i32 3)
  call void @elsewhere()
  call void @replaceable()
  ret ptr @plain
}
; CHECK-LABEL: define linkonce_odr i32 @helper(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call i32 @helper(
define linkonce_odr i32 @helper(i32 %n) sanitize_thread {
  store i32 %n, ptr @chosen, align 4
  %m = call i32 @helper(i32 %n)
  ret i32 %m
}
define weak void @replaceable() sanitize_thread {
  ret void
}
declare void @elsewhere()
; CHECK-LABEL: define internal i32 @helper.hindsight.early(
; CHECK-NEXT: store i32 %n, ptr @chosen
; CHECK-NEXT: call i32 @helper.hindsight.early(
; CHECK-NEXT: ret i32
; CHECK-NOT: .hindsight.early.

; CHECK: attributes #{{[0-9]+}} = { disable_sanitizer_instrumentation sanitize_thread }
!0 = !{}
