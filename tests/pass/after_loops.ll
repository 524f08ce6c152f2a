; A loop of unknown trip count is checked on its ways out, over what it has gone over.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-after-loops %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

declare void @unknown()

; Both ways out: by the first branch neither string has been read in the last iteration, by the second
; both have.
; CHECK-LABEL: define i64 @common_prefix(
; CHECK: loop:
; CHECK: %i = phi i64
; CHECK-NOT: @__hindsight_
; CHECK: [[END:.*]]:
; CHECK: [[N:%.*]] = mul i64 %i, 1
; CHECK: [[B:%.*]] = add i64 [[N]], 0
; CHECK: call void @__hindsight_read_span_leaf(i64 %{{.*}}, i64 [[B]], i64
; CHECK: call void @__hindsight_read_span_leaf(
; CHECK: body:
; CHECK-NOT: @__hindsight_
; CHECK: [[N:%.*]] = mul i64 %i, 1
; CHECK: [[B:%.*]] = add i64 [[N]], 1
; CHECK: call void @__hindsight_read_span_leaf(i64 %{{.*}}, i64 [[B]], i64
; CHECK: call void @__hindsight_read_span_leaf(
; CHECK: ret i64
; OFF-LABEL: define i64 @common_prefix(
; OFF-NOT: span
; OFF: @__hindsight_read1_leaf(
; OFF: @__hindsight_read1_leaf(
; OFF: ret i64
define i64 @common_prefix(ptr %a, ptr %b, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp ult i64 %i, %n
  br i1 %more, label %body, label %end
body:
  %at.a = getelementptr i8, ptr %a, i64 %i
  %at.b = getelementptr i8, ptr %b, i64 %i
  %va = load i8, ptr %at.a, align 1
  %vb = load i8, ptr %at.b, align 1
  %next = add i64 %i, 1
  %same = icmp eq i8 %va, %vb
  br i1 %same, label %loop, label %end
end:
  ret i64 %i
}

; No counter yet: one is made.
; CHECK-LABEL: define ptr @skip(
; CHECK: loop:
; CHECK: %hindsight.iterations = phi i64 [ 0, %entry ], [ [[NEXT:%.*]], %loop ]
; CHECK: [[NEXT]] = add i64 %hindsight.iterations, 1
; CHECK: [[N:%.*]] = mul i64 %hindsight.iterations, 4
; CHECK: [[B:%.*]] = add i64 [[N]], 4
; CHECK: call void @__hindsight_read_span_leaf(i64 %{{.*}}, i64 [[B]], i64
; CHECK: ret ptr
define ptr @skip(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %next, %loop ]
  %v = load i32, ptr %at, align 4
  %next = getelementptr i32, ptr %at, i64 1
  %more = icmp eq i32 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret ptr %at
}

; Downwards, and a store: from the last one written to the first.
; CHECK-LABEL: define void @shift(
; CHECK: loop:
; CHECK-NOT: @__hindsight_write4
; CHECK: = sub i64
; CHECK: [[LOW:%[0-9]+]] = sub i64 %{{[0-9]+}}, [[B:%[0-9]+]]
; CHECK: call void @__hindsight_read_span_leaf(
; CHECK: call void @__hindsight_write_span_leaf(i64 [[LOW]], i64 [[B]], i64
; CHECK: ret void
define void @shift(ptr %p, i32 %key) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %below, %loop ]
  %below = getelementptr i32, ptr %at, i64 -1
  %v = load i32, ptr %below, align 4
  store i32 %v, ptr %at, align 4
  %more = icmp slt i32 %key, %v
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Unrolled by two, with a way out in the middle: there one of the two was read in the last iteration.
; CHECK-LABEL: define i64 @unrolled(
; CHECK: loop:
; CHECK-NOT: @__hindsight_read
; CHECK: [[N:%.*]] = mul i64 %{{.*}}, 8
; CHECK: [[B:%.*]] = add i64 [[N]], 4
; CHECK: call void @__hindsight_read_span_leaf(i64 %{{.*}}, i64 [[B]], i64
; CHECK: second:
; CHECK-NOT: @__hindsight_read
; CHECK: [[N:%.*]] = mul i64 %{{.*}}, 8
; CHECK: [[B:%.*]] = add i64 [[N]], 8
; CHECK: call void @__hindsight_read_span_leaf(i64 %{{.*}}, i64 [[B]], i64
; CHECK: ret i64
define i64 @unrolled(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %second ]
  %at0 = getelementptr i32, ptr %p, i64 %i
  %v0 = load i32, ptr %at0, align 4
  %end0 = icmp eq i32 %v0, 0
  br i1 %end0, label %end, label %second
second:
  %i1 = add i64 %i, 1
  %at1 = getelementptr i32, ptr %p, i64 %i1
  %v1 = load i32, ptr %at1, align 4
  %next = add i64 %i, 2
  %end1 = icmp eq i32 %v1, 0
  br i1 %end1, label %end, label %loop
end:
  %found = phi i64 [ %i, %loop ], [ %i1, %second ]
  ret i64 %found
}

; --- Not moved ---

; Waits for another thread: the place stays the same.
; CHECK-LABEL: define void @spin(
; CHECK: loop:
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: span
; CHECK: ret void
define void @spin(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %v = load i32, ptr %p, align 4
  %more = icmp eq i32 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; A call that may synchronise.
; CHECK-LABEL: define void @call(
; CHECK: loop:
; CHECK: @__hindsight_read4(
; CHECK-NOT: span
; CHECK: ret void
define void @call(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %next, %loop ]
  %v = load i32, ptr %at, align 4
  call void @unknown()
  %next = getelementptr i32, ptr %at, i64 1
  %more = icmp eq i32 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Acquires.
; CHECK-LABEL: define void @acquire(
; CHECK: loop:
; CHECK: @__hindsight_read4(
; CHECK-NOT: span
; CHECK: ret void
define void @acquire(ptr %p, ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %next, %loop ]
  %v = load i32, ptr %at, align 4
  %f = load atomic i32, ptr %flag acquire, align 4
  %next = getelementptr i32, ptr %at, i64 1
  %more = icmp eq i32 %f, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Gaps between the elements read.
; CHECK-LABEL: define void @gaps(
; CHECK: loop:
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: span
; CHECK: ret void
define void @gaps(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %next, %loop ]
  %v = load i32, ptr %at, align 4
  %next = getelementptr i32, ptr %at, i64 2
  %more = icmp eq i32 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Not in every iteration.
; CHECK-LABEL: define void @sometimes(
; CHECK: then:
; CHECK: @__hindsight_write4_leaf(
; CHECK-NOT: @__hindsight_write_span
; CHECK: ret void
define void @sometimes(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %at = getelementptr i32, ptr %p, i64 %i
  %v = load i32, ptr %at, align 4
  %odd = trunc i32 %v to i1
  br i1 %odd, label %then, label %latch
then:
  store i32 5, ptr %at, align 4
  br label %latch
latch:
  %next = add i64 %i, 1
  %more = icmp ne i32 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; An index that wraps around: the addresses do not advance for ever.
; CHECK-LABEL: define void @wraps(
; CHECK: loop:
; CHECK: @__hindsight_read1_leaf(
; CHECK-NOT: span
; CHECK: ret void
define void @wraps(ptr %p) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i8 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i8 %i to i64
  %at = getelementptr i8, ptr %p, i64 %wide
  %v = load i8, ptr %at, align 1
  %next = add i8 %i, 1
  %more = icmp eq i8 %v, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}

; A volatile access may be what the loop waits for.
; CHECK-LABEL: define void @waits(
; CHECK: loop:
; CHECK: @__hindsight_read4_leaf(
; CHECK: @__hindsight_volatile_read4_leaf(
; CHECK-NOT: span
; CHECK: ret void
define void @waits(ptr %p, ptr %flag) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ %p, %entry ], [ %next, %loop ]
  %v = load i32, ptr %at, align 4
  %f = load volatile i32, ptr %flag, align 4
  %next = getelementptr i32, ptr %at, i64 1
  %more = icmp eq i32 %f, 0
  br i1 %more, label %loop, label %end
end:
  ret void
}
