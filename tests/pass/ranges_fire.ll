; An array walked by a loop is checked once, before it.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; CHECK-LABEL: define void @fill(
; CHECK: entry:
; CHECK: call void @__hindsight_write_span_leaf(
; CHECK: loop:
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @fill(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  store i32 7, ptr %at, align 4
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Downwards: from the last element.
; CHECK-LABEL: define void @fill_downwards(
; CHECK: call void @__hindsight_write_span_leaf(
; CHECK: loop:
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @fill_downwards(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 99, %entry ], [ %next, %loop ]
  %at = getelementptr inbounds i32, ptr %p, i64 %i
  store i32 7, ptr %at, align 4
  %next = add nsw i64 %i, -1
  %more = icmp ne i64 %i, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Fields that are dense together.
; CHECK-LABEL: define void @pairs(
; CHECK: call void @__hindsight_write_span_leaf(i64 %{{.*}}, i64 800, i64
; CHECK: loop:
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @pairs(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %first = getelementptr inbounds { i32, i32 }, ptr %p, i64 %i, i32 0
  %second = getelementptr inbounds { i32, i32 }, ptr %p, i64 %i, i32 1
  store i32 1, ptr %second, align 4
  store i32 2, ptr %first, align 4
  %next = add nuw nsw i64 %i, 1
  %more = icmp ne i64 %next, 100
  br i1 %more, label %loop, label %end
end:
  ret void
}

; A matrix, whole.
; CHECK-LABEL: define void @matrix(
; CHECK: entry:
; CHECK: call void @__hindsight_write_span_leaf(i64 %{{.*}}, i64 40000, i64
; CHECK: rows:
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @matrix(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %r = phi i64 [ 0, %entry ], [ %r.next, %rows.end ]
  %row = getelementptr inbounds [100 x i32], ptr %p, i64 %r
  br label %columns
columns:
  %c = phi i64 [ 0, %rows ], [ %c.next, %columns ]
  %at = getelementptr inbounds i32, ptr %row, i64 %c
  store i32 7, ptr %at, align 4
  %c.next = add nuw nsw i64 %c, 1
  %c.more = icmp ne i64 %c.next, 100
  br i1 %c.more, label %columns, label %rows.end
rows.end:
  %r.next = add nuw nsw i64 %r, 1
  %r.more = icmp ne i64 %r.next, 100
  br i1 %r.more, label %rows, label %end
end:
  ret void
}
