; A check that is certainly followed by one that covers it is not needed; certainly means: on every
; path, with no synchronisation, no way out and no loop in between.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: HINDSIGHT_PASS=no-elide %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

declare void @unknown()
declare void @may_exit() nosync nounwind

; OFF-LABEL: define i32 @both_branches(
; OFF: @__hindsight_read4_leaf(
; CHECK-LABEL: define i32 @both_branches(
; CHECK-NOT: @__hindsight_read4_leaf(
; CHECK: then:
; CHECK: @__hindsight_write4_leaf(
; CHECK: else:
; CHECK: @__hindsight_write8_leaf(
; CHECK: ret i32
define i32 @both_branches(ptr %p, i1 %c) sanitize_thread {
  %v = load i32, ptr %p, align 4
  br i1 %c, label %then, label %else
then:
  store i32 1, ptr %p, align 4
  br label %end
else:
  store i64 2, ptr %p, align 8
  br label %end
end:
  ret i32 %v
}

; CHECK-LABEL: define i32 @one_branch(
; CHECK: @__hindsight_read4_leaf(
; CHECK: then:
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret i32
define i32 @one_branch(ptr %p, i1 %c) sanitize_thread {
  %v = load i32, ptr %p, align 4
  br i1 %c, label %then, label %end
then:
  store i32 1, ptr %p, align 4
  br label %end
end:
  ret i32 %v
}

; A later read does not stand for a write.
; CHECK-LABEL: define i64 @weaker(
; CHECK: @__hindsight_write4_leaf(
; CHECK: next:
; CHECK: @__hindsight_read8_leaf(
; CHECK: ret i64
define i64 @weaker(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  br label %next
next:
  %v = load i64, ptr %p, align 8
  ret i64 %v
}

; CHECK-LABEL: define i32 @acquire_between(
; CHECK: @__hindsight_read4(
; CHECK: next:
; CHECK: @__hindsight_write4(
; CHECK: ret i32
define i32 @acquire_between(ptr %p, ptr %flag) sanitize_thread {
  %v = load i32, ptr %p, align 4
  %seen = load atomic i32, ptr %flag acquire, align 4
  br label %next
next:
  store i32 1, ptr %p, align 4
  ret i32 %v
}

; CHECK-LABEL: define i32 @call_between(
; CHECK: @__hindsight_read4(
; CHECK: next:
; CHECK: @__hindsight_write4(
; CHECK: ret i32
define i32 @call_between(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  call void @unknown()
  br label %next
next:
  store i32 1, ptr %p, align 4
  ret i32 %v
}

; CHECK-LABEL: define i32 @exit_between(
; CHECK: @__hindsight_read4(
; CHECK: next:
; CHECK: @__hindsight_write4(
; CHECK: ret i32
define i32 @exit_between(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  call void @may_exit()
  br label %next
next:
  store i32 1, ptr %p, align 4
  ret i32 %v
}

; It may never end.
; CHECK-LABEL: define i32 @loop_between(
; CHECK: @__hindsight_read4_leaf(
; CHECK: end:
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret i32
define i32 @loop_between(ptr %p, i32 %n) sanitize_thread {
  %v = load i32, ptr %p, align 4
  br label %loop
loop:
  %i = phi i32 [ 0, %0 ], [ %i.next, %loop ]
  %i.next = add i32 %i, %n
  %again = icmp ne i32 %i.next, 100
  br i1 %again, label %loop, label %end
end:
  store i32 1, ptr %p, align 4
  ret i32 %v
}

; The next iteration's address is another one.
; CHECK-LABEL: define void @next_iteration(
; CHECK: loop:
; CHECK: @__hindsight_read8(
; CHECK: latch:
; CHECK: @__hindsight_write8(
; CHECK: ret void
define void @next_iteration(ptr %p, i1 %c) sanitize_thread {
  br label %loop
loop:
  %at = phi ptr [ %p, %0 ], [ %next, %latch ], [ %next, %loop ]
  %next = load ptr, ptr %at, align 8
  call void @unknown()
  br i1 %c, label %loop, label %latch
latch:
  store ptr null, ptr %at, align 8
  br i1 %c, label %loop, label %end
end:
  ret void
}
