; The ways round a loop that need no synchronisation become a loop of their own, checked when it ends.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-split %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF
; RUN: env HINDSIGHT_PASS=no-after-loops %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

declare void @unknown(ptr)

; Dull characters are gone over by the inner loop: no check in it, and one range on each way out.
; CHECK-LABEL: define void @words(
; CHECK: loop:
; CHECK: %hindsight.iterations = phi i64
; CHECK-NOT: @__hindsight_
; CHECK: [[N:%.*]] = mul i64 %{{.*}}, 1
; CHECK: [[B:%.*]] = add i64 [[N]], 1
; CHECK: call void @__hindsight_read_span(i64 %{{.*}}, i64 [[B]])
; CHECK: call void @unknown(
; CHECK: hindsight.short:
; CHECK: [[N:%.*]] = mul i64 %{{.*}}, 1
; CHECK: [[B:%.*]] = add i64 [[N]], 1
; CHECK: call void @__hindsight_read_span(i64 %{{.*}}, i64 [[B]])
; CHECK-NOT: @__hindsight_read1
; CHECK: ret void
; OFF-LABEL: define void @words(
; OFF-NOT: hindsight.short
; OFF: @__hindsight_read1(
; OFF: ret void
define void @words(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %begin = phi i64 [ 0, %entry ], [ %next.begin, %latch ]
  %at = getelementptr i8, ptr %p, i64 %i
  %c = load i8, ptr %at, align 1
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %work, label %dull
dull:
  %after.one = add i64 %i, 1
  br label %latch
work:
  %word = getelementptr i8, ptr %p, i64 %begin
  call void @unknown(ptr %word)
  %after.word = add i64 %i, 2
  br label %latch
latch:
  %next = phi i64 [ %after.one, %dull ], [ %after.word, %work ]
  %next.begin = phi i64 [ %begin, %dull ], [ %after.word, %work ]
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Both ways synchronise.
; CHECK-LABEL: define void @loud(
; CHECK-NOT: hindsight.short
; CHECK: @__hindsight_read1(
; CHECK: ret void
define void @loud(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %begin = phi i64 [ 0, %entry ], [ %next.begin, %latch ]
  %at = getelementptr i8, ptr %p, i64 %i
  %c = load i8, ptr %at, align 1
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %work, label %dull
dull:
  fence acquire
  %after.one = add i64 %i, 1
  br label %latch
work:
  %word = getelementptr i8, ptr %p, i64 %begin
  call void @unknown(ptr %word)
  %after.word = add i64 %i, 2
  br label %latch
latch:
  %next = phi i64 [ %after.one, %dull ], [ %after.word, %work ]
  %next.begin = phi i64 [ %begin, %dull ], [ %after.word, %work ]
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; The way to the dull end leads past a call.
; CHECK-LABEL: define void @past_a_call(
; CHECK-NOT: hindsight.short
; CHECK: @__hindsight_read1(
; CHECK: ret void
define void @past_a_call(ptr %p, i64 %n, i1 %often) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %begin = phi i64 [ 0, %entry ], [ %next.begin, %latch ]
  %at = getelementptr i8, ptr %p, i64 %i
  %c = load i8, ptr %at, align 1
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %work, label %maybe
maybe:
  br i1 %often, label %call, label %dull
call:
  call void @unknown(ptr %at)
  br label %dull
dull:
  %after.one = add i64 %i, 1
  br label %latch
work:
  %after.word = add i64 %i, 2
  br label %latch
latch:
  %next = phi i64 [ %after.one, %dull ], [ %after.word, %work ]
  %next.begin = phi i64 [ %begin, %dull ], [ %after.word, %work ]
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; A value of the latch is used behind the loop, other than by a phi: left as it is.
; CHECK-LABEL: define i64 @used_later(
; CHECK-NOT: hindsight.short
; CHECK: @__hindsight_read1(
; CHECK: ret i64
define i64 @used_later(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %begin = phi i64 [ 0, %entry ], [ %next.begin, %latch ]
  %at = getelementptr i8, ptr %p, i64 %i
  %c = load i8, ptr %at, align 1
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %work, label %dull
dull:
  %after.one = add i64 %i, 1
  br label %latch
work:
  call void @unknown(ptr %p)
  %after.word = add i64 %i, 2
  br label %latch
latch:
  %next = phi i64 [ %after.one, %dull ], [ %after.word, %work ]
  %next.begin = phi i64 [ %begin, %dull ], [ %after.word, %work ]
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret i64 %next
}

; The values that the loop hands on, of each way out its own.
; CHECK-LABEL: define i64 @handed_on(
; CHECK: hindsight.short:
; CHECK: ret i64
define i64 @handed_on(ptr %p, i64 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %begin = phi i64 [ 0, %entry ], [ %next.begin, %latch ]
  %at = getelementptr i8, ptr %p, i64 %i
  %c = load i8, ptr %at, align 1
  %blank = icmp eq i8 %c, 32
  br i1 %blank, label %work, label %dull
dull:
  %after.one = add i64 %i, 1
  br label %latch
work:
  call void @unknown(ptr %p)
  %after.word = add i64 %i, 2
  br label %latch
latch:
  %next = phi i64 [ %after.one, %dull ], [ %after.word, %work ]
  %next.begin = phi i64 [ %begin, %dull ], [ %after.word, %work ]
  %sum = add i64 %next, %next.begin
  %more = icmp ult i64 %next, %n
  br i1 %more, label %loop, label %end
end:
  %result = phi i64 [ %sum, %latch ]
  ret i64 %result
}
