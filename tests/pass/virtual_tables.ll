; What a virtual table pointer points to is constant; the pointer itself, and what any other pointer points
; to, is not.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-constants %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

; CHECK-LABEL: define ptr @virtual_function(
; CHECK: @__hindsight_read8_leaf(
; CHECK-NOT: @__hindsight_read8_leaf(
; CHECK: ret ptr
; OFF-LABEL: define ptr @virtual_function(
; OFF-COUNT-2: @__hindsight_read8_leaf(
; OFF: ret ptr
define ptr @virtual_function(ptr %object) sanitize_thread {
  %table = load ptr, ptr %object, align 8, !tbaa !0
  %entry = getelementptr inbounds ptr, ptr %table, i64 2
  %function = load ptr, ptr %entry, align 8
  ret ptr %function
}

; CHECK-LABEL: define ptr @other_pointer(
; CHECK-COUNT-2: @__hindsight_read8_leaf(
; CHECK: ret ptr
define ptr @other_pointer(ptr %object) sanitize_thread {
  %table = load ptr, ptr %object, align 8, !tbaa !3
  %entry = getelementptr inbounds ptr, ptr %table, i64 2
  %function = load ptr, ptr %entry, align 8
  ret ptr %function
}

; CHECK-LABEL: define void @constructor(
; CHECK: @__hindsight_write8_leaf(
; CHECK: ret void
define void @constructor(ptr %object, ptr %table) sanitize_thread {
  store ptr %table, ptr %object, align 8, !tbaa !0
  ret void
}

!0 = !{!1, !1, i64 0}
!1 = !{!"vtable pointer", !2}
!2 = !{!"Simple C++ TBAA"}
!3 = !{!4, !4, i64 0}
!4 = !{!"any pointer", !2}
