; Loops that keep a check in each iteration.
; VERSIONS: 14 19
; RUN: env HINDSIGHT_PASS=no-after-loops %opt -passes=hindsight -S %s | %FileCheck %s

declare void @unknown()
declare i1 @test(i32)

; Every second element: the others must not be checked.
; CHECK-LABEL: define void @gaps(
; CHECK-NOT: _range
; CHECK: loop:
; CHECK: @__hindsight_write4_leaf(
; CHECK-NOT: _range
; CHECK: ret void
define void @gaps(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr inbounds [2 x i32], ptr %p, i64 %i
  store i32 7, ptr %at, align 4
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; The call may synchronise.
; CHECK-LABEL: define void @call_inside(
; CHECK-NOT: _range
; CHECK: loop:
; CHECK: @__hindsight_write4(
; CHECK: ret void
define void @call_inside(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  store i32 7, ptr %at, align 4
  call void @unknown()
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; A search stops where it finds: what lies behind was not read.
; CHECK-LABEL: define i64 @early_exit(
; CHECK-NOT: _range
; CHECK: loop:
; CHECK: @__hindsight_read4_leaf(
; CHECK: ret i64
define i64 @early_exit(ptr %p, i32 %wanted) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %continue ]
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  %v = load i32, ptr %at, align 4
  %found = icmp eq i32 %v, %wanted
  br i1 %found, label %end, label %continue
continue:
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, 100
  br i1 %more, label %loop, label %end
end:
  ret i64 %i
}

; Up to a terminator: the count is not known before.
; CHECK-LABEL: define void @unknown_count(
; CHECK-NOT: _range
; CHECK: loop:
; CHECK: @__hindsight_read4_leaf(
; CHECK: ret void
define void @unknown_count(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  %v = load i32, ptr %at, align 4
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i32 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Written in some iterations only.
; CHECK-LABEL: define void @conditional(
; CHECK-NOT: @__hindsight_write_range
; CHECK: then:
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret void
define void @conditional(ptr %p, ptr noalias %flags, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %flag.at = getelementptr inbounds i32, ptr %flags, i64 %i
  %flag = load i32, ptr %flag.at, align 4
  %set = icmp ne i32 %flag, 0
  br i1 %set, label %then, label %latch
then:
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  store i32 7, ptr %at, align 4
  br label %latch
latch:
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; The inner loop waits for a volatile variable: the next element may never be written.
; CHECK-LABEL: define void @waits(
; CHECK-NOT: _range
; CHECK: loop:
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret void
define void @waits(ptr %p, ptr %go, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  store i32 7, ptr %at, align 4
  br label %wait
wait:
  %seen = load volatile i32, ptr %go, align 4
  %stay = icmp eq i32 %seen, 0
  br i1 %stay, label %wait, label %latch
latch:
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}
