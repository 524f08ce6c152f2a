; Nests of loops: a range that stays put leaves the outer loop, rows with gaps between them are one
; check, and a condition that the loop does not change becomes "no bytes".
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; CHECK-LABEL: define void @again(
; CHECK: entry:
; CHECK: call void @__hindsight_write_span_leaf(i64 %{{.*}}, i64 400, i64
; CHECK: rows:
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @again(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %rows
rows:
  %r = phi i64 [ 0, %entry ], [ %r.next, %rows.end ]
  br label %columns
columns:
  %c = phi i64 [ 0, %rows ], [ %c.next, %columns ]
  %at = getelementptr inbounds i32, ptr %p, i64 %c
  store i32 7, ptr %at, align 4
  %c.next = add nuw nsw i64 %c, 1
  %c.more = icmp ne i64 %c.next, 100
  br i1 %c.more, label %columns, label %rows.end
rows.end:
  %r.next = add nuw nsw i64 %r, 1
  %r.more = icmp ne i64 %r.next, %n
  br i1 %r.more, label %rows, label %end
end:
  ret void
}

; 50 of every 100 columns, if the condition holds.
; CHECK-LABEL: define i32 @half(
; CHECK: entry:
; CHECK: %[[BYTES:.*]] = select i1 %{{.*}}, i64 200, i64 0
; CHECK: %[[FROZEN:.*]] = freeze i64 %[[BYTES]]
; CHECK: call void @__hindsight_read_rows_leaf(i64 %{{.*}}, i64 %[[FROZEN]], i64 400, i64 100, i64
; CHECK: rows:
; CHECK-NOT: @__hindsight_
; CHECK: ret i32
define i32 @half(ptr %p, i1 %wanted) sanitize_thread {
entry:
  br label %rows
rows:
  %r = phi i64 [ 0, %entry ], [ %r.next, %rows.end ]
  %s = phi i32 [ 0, %entry ], [ %s.end, %rows.end ]
  %row = getelementptr inbounds [100 x i32], ptr %p, i64 %r
  br i1 %wanted, label %before, label %rows.end
before:
  br label %columns
columns:
  %c = phi i64 [ 0, %before ], [ %c.next, %columns ]
  %t = phi i32 [ %s, %before ], [ %t.next, %columns ]
  %at = getelementptr inbounds i32, ptr %row, i64 %c
  %value = load i32, ptr %at, align 4
  %t.next = xor i32 %t, %value
  %c.next = add nuw nsw i64 %c, 1
  %c.more = icmp ne i64 %c.next, 50
  br i1 %c.more, label %columns, label %rows.end
rows.end:
  %s.end = phi i32 [ %s, %rows ], [ %t.next, %columns ]
  %r.next = add nuw nsw i64 %r, 1
  %r.more = icmp ne i64 %r.next, 100
  br i1 %r.more, label %rows, label %end
end:
  ret i32 %s.end
}

; The condition changes: the range stays in the outer loop.
; CHECK-LABEL: define void @some_rows(
; CHECK: rows:
; CHECK: call void @__hindsight_write_span_leaf(i64 %{{.*}}, i64 400, i64
; CHECK: columns:
; CHECK-NOT: @__hindsight_
; CHECK: ret void
define void @some_rows(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %r = phi i64 [ 0, %entry ], [ %r.next, %rows.end ]
  %row = getelementptr inbounds [100 x i32], ptr %p, i64 %r
  %odd = trunc i64 %r to i1
  br i1 %odd, label %before, label %rows.end
before:
  br label %columns
columns:
  %c = phi i64 [ 0, %before ], [ %c.next, %columns ]
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
