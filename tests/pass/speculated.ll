; A read that code motion made up, to keep in a register what a loop reads and writes under a condition,
; is not the program's.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-speculated %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

; CHECK-LABEL: define void @promoted(
; CHECK-NOT: @__hindsight_read
; CHECK: @__hindsight_write1
; CHECK: ret void
define void @promoted(ptr %p, i1 %c, i32 %n) sanitize_thread {
entry:
  %first = load i8, ptr %p, align 1
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %value = phi i8 [ %first, %entry ], [ %new, %next ]
  br i1 %c, label %change, label %next
change:
  %changed = xor i8 %value, 1
  store i8 %changed, ptr %p, align 1
  br label %next
next:
  %new = phi i8 [ %changed, %change ], [ %value, %loop ]
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; A bool is kept as one bit.
; CHECK-LABEL: define void @promoted_bit(
; CHECK-NOT: @__hindsight_read
; CHECK: @__hindsight_write1
; CHECK: ret void
define void @promoted_bit(ptr %p, i1 %c, i32 %n) sanitize_thread {
entry:
  %byte = load i8, ptr %p, align 1
  %first = trunc i8 %byte to i1
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %value = phi i1 [ %first, %entry ], [ %new, %next ]
  br i1 %c, label %change, label %next
change:
  %changed = xor i1 %value, true
  %stored = zext i1 %changed to i8
  store i8 %stored, ptr %p, align 1
  br label %next
next:
  %new = phi i1 [ %changed, %change ], [ %value, %loop ]
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; The bit is used before the loop: the program has read it.
; CHECK-LABEL: define i1 @read(
; CHECK: @__hindsight_read1
; CHECK: @__hindsight_write1
; CHECK: ret i1
define i1 @read(ptr %p, ptr %to, i1 %c, i32 %n) sanitize_thread {
entry:
  %byte = load i8, ptr %p, align 1
  %first = trunc i8 %byte to i1
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %value = phi i1 [ %first, %entry ], [ %new, %next ]
  br i1 %c, label %change, label %next
change:
  %changed = xor i1 %value, true
  %stored = zext i1 %changed to i8
  store i8 %stored, ptr %p, align 1
  br label %next
next:
  %new = phi i1 [ %changed, %change ], [ %value, %loop ]
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret i1 %first
}

@g = global i64 0

; CHECK-LABEL: define i64 @invented(
; CHECK-NOT: @__hindsight_read8
; CHECK: loop:
; CHECK: @__hindsight_write8_leaf(
; CHECK: ret i64
; OFF-LABEL: define i64 @invented(
; OFF: @__hindsight_read8_leaf(
; OFF: loop:
define i64 @invented(i64 %n) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br label %loop
loop:
  %value = phi i64 [ %before, %entry ], [ %now, %next ]
  %i = phi i64 [ 0, %entry ], [ %i.next, %next ]
  %bit = and i64 %i, %n
  %wanted = icmp eq i64 %bit, 5
  br i1 %wanted, label %set, label %next
set:
  %more = add i64 %value, 1
  store i64 %more, ptr @g, align 8
  br label %next
next:
  %now = phi i64 [ %more, %set ], [ %value, %loop ]
  %i.next = add nuw i64 %i, 1
  %again = icmp ult i64 %i.next, %n
  br i1 %again, label %loop, label %end
end:
  ret i64 %now
}

; c ? g : 5, and a store elsewhere: no loop is behind the load.
; CHECK-LABEL: define i64 @conditional(
; CHECK: then:
; CHECK: @__hindsight_read8_leaf(
; CHECK: end:
define i64 @conditional(i1 %c, i1 %d) sanitize_thread {
entry:
  br i1 %c, label %then, label %end
then:
  %read = load i64, ptr @g, align 8
  br label %end
end:
  %value = phi i64 [ %read, %then ], [ 5, %entry ]
  br i1 %d, label %set, label %exit
set:
  store i64 7, ptr @g, align 8
  br label %exit
exit:
  ret i64 %value
}

; The same inside of a loop, whose latch it does not enter.
; CHECK-LABEL: define i64 @conditional_inside(
; CHECK: then:
; CHECK: @__hindsight_read8_leaf(
; CHECK: next:
define i64 @conditional_inside(i64 %n, i1 %c) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %last ]
  %sum = phi i64 [ 0, %entry ], [ %sum.next, %last ]
  %bit = and i64 %i, %n
  %wanted = icmp eq i64 %bit, 5
  br i1 %wanted, label %then, label %next
then:
  %read = load i64, ptr @g, align 8
  br label %next
next:
  %value = phi i64 [ %read, %then ], [ 5, %loop ]
  br i1 %c, label %set, label %last
set:
  store i64 7, ptr @g, align 8
  br label %last
last:
  %sum.next = add i64 %sum, %value
  %i.next = add nuw i64 %i, 1
  %again = icmp ult i64 %i.next, %n
  br i1 %again, label %loop, label %end
end:
  ret i64 %sum.next
}

; Nothing in the loop writes there.
; CHECK-LABEL: define i64 @only_read(
; CHECK: @__hindsight_read8_leaf(
; CHECK: loop:
define i64 @only_read(i64 %n) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br label %loop
loop:
  %value = phi i64 [ %before, %entry ], [ %more, %loop ]
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %more = add i64 %value, %i
  %i.next = add nuw i64 %i, 1
  %again = icmp ult i64 %i.next, %n
  br i1 %again, label %loop, label %end
end:
  store i64 7, ptr @g, align 8
  ret i64 %more
}

; Unrolled by two: the odd iteration stands behind the loop.
; CHECK-LABEL: define void @unrolled(
; CHECK-NOT: @__hindsight_read
; CHECK: @__hindsight_write8
; CHECK: ret void
define void @unrolled(ptr %p, i1 %c, i32 %n) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  %one = icmp eq i32 %n, 1
  br i1 %one, label %rest, label %before
before:
  %even = and i32 %n, -2
  br label %loop
loop:
  %i = phi i32 [ 0, %before ], [ %next_i, %next ]
  %value = phi i64 [ %first, %before ], [ %new, %next ]
  br i1 %c, label %change, label %next
change:
  %changed = add i64 %value, 5
  store i64 %changed, ptr %p, align 8
  br label %next
next:
  %new = phi i64 [ %changed, %change ], [ %value, %loop ]
  %next_i = add i32 %i, 2
  %more = icmp ult i32 %next_i, %even
  br i1 %more, label %loop, label %rest
rest:
  %last = phi i64 [ %first, %entry ], [ %new, %next ]
  br i1 %c, label %change_last, label %end
change_last:
  %changed_last = add i64 %last, 5
  store i64 %changed_last, ptr %p, align 8
  br label %end
end:
  ret void
}

; Behind the loop the program uses what it has read, and writes nothing.
; CHECK-LABEL: define i64 @used_behind(
; CHECK: @__hindsight_read8
; CHECK: ret i64
define i64 @used_behind(ptr %p, i1 %c, i32 %n) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  %one = icmp eq i32 %n, 1
  br i1 %one, label %end, label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %value = phi i64 [ %first, %entry ], [ %new, %next ]
  br i1 %c, label %change, label %next
change:
  %changed = add i64 %value, 5
  store i64 %changed, ptr %p, align 8
  br label %next
next:
  %new = phi i64 [ %changed, %change ], [ %value, %loop ]
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  %last = phi i64 [ %first, %entry ], [ %new, %next ]
  ret i64 %last
}

; The loop has been replaced by what it comes to: the value is used under the condition, to be written there.
; CHECK-LABEL: define void @hoisted(
; CHECK-NOT: @__hindsight_read
; CHECK: @__hindsight_write8
; CHECK: ret void
define void @hoisted(ptr %p, i1 %c, i64 %n) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  br i1 %c, label %change, label %end
change:
  %sum = add i64 %first, %n
  store i64 %sum, ptr %p, align 8
  br label %end
end:
  ret void
}

; It is used where another place is written.
; CHECK-LABEL: define void @copied(
; CHECK: @__hindsight_read8
; CHECK: ret void
define void @copied(ptr %p, ptr %q, i1 %c, i64 %n) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  br i1 %c, label %change, label %end
change:
  %sum = add i64 %first, %n
  store i64 %sum, ptr %q, align 8
  br label %end
end:
  ret void
}

; Read and written at once: both are the program's, under no condition.
; CHECK-LABEL: define void @plain(
; CHECK: @__hindsight_
; CHECK: ret void
define void @plain(ptr %p) sanitize_thread {
  %first = load i64, ptr %p, align 8
  %sum = add i64 %first, 1
  store i64 %sum, ptr %p, align 8
  ret void
}

declare void @unknown()

; What is written is less than what was read.
; CHECK-LABEL: define void @narrow(
; CHECK: @__hindsight_read8
; CHECK: ret void
define void @narrow(ptr %p, i1 %c) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  br i1 %c, label %change, label %end
change:
  %byte = trunc i64 %first to i8
  %sum = add i8 %byte, 1
  store i8 %sum, ptr %p, align 8
  br label %end
end:
  ret void
}

; Something may be acquired between the use and the write.
; CHECK-LABEL: define void @loud(
; CHECK: @__hindsight_read8
; CHECK: ret void
define void @loud(ptr %p, i1 %c, i64 %n) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  br i1 %c, label %change, label %end
change:
  %sum = add i64 %first, %n
  call void @unknown()
  store i64 %sum, ptr %p, align 8
  br label %end
end:
  ret void
}

; The same by an atomic load, before the use.
; CHECK-LABEL: define void @acquired(
; CHECK: @__hindsight_read8
; CHECK: ret void
define void @acquired(ptr %p, ptr %flag, i1 %c, i64 %n) sanitize_thread {
entry:
  %first = load i64, ptr %p, align 8
  br i1 %c, label %change, label %end
change:
  %seen = load atomic i64, ptr %flag acquire, align 8
  %sum = add i64 %first, %seen
  store i64 %sum, ptr %p, align 8
  br label %end
end:
  ret void
}

; The same when the loop is unrolled: the value goes by phis, to where the place is written.
; CHECK-LABEL: define i64 @promoted_unrolled(
; CHECK-NOT: @__hindsight_read8
; CHECK: set:
; CHECK: @__hindsight_write8_leaf(
; CHECK: set2:
; CHECK: @__hindsight_write8_leaf(
; CHECK: ret i64
; OFF-LABEL: define i64 @promoted_unrolled(
; OFF: @__hindsight_read8_leaf(
; OFF: br i1 %c
define i64 @promoted_unrolled(i1 %c, i1 %d, i64 %x) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br i1 %c, label %set, label %next
set:
  %more = add i64 %before, 1
  store i64 %more, ptr @g, align 8
  br label %next
next:
  %now = phi i64 [ %more, %set ], [ %before, %entry ]
  br i1 %d, label %set2, label %end
set2:
  %more2 = add i64 %now, 1
  store i64 %more2, ptr @g, align 8
  br label %end
end:
  ret i64 %x
}

; What the phi joins is used where nothing is written.
; CHECK-LABEL: define i64 @unrolled_and_read(
; CHECK: @__hindsight_read8_leaf(
; CHECK: set:
; CHECK: ret i64
define i64 @unrolled_and_read(i1 %c, i1 %d, i64 %x) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br i1 %c, label %set, label %next
set:
  %more = add i64 %before, 1
  store i64 %more, ptr @g, align 8
  br label %next
next:
  %now = phi i64 [ %more, %set ], [ %before, %entry ]
  br i1 %d, label %use, label %end
use:
  %sum = add i64 %now, %x
  br label %end
end:
  %result = phi i64 [ %sum, %use ], [ %x, %next ]
  ret i64 %result
}

; A loop lies between that is known to end: C says so, or it is counted.
; CHECK-LABEL: define void @promoted_past_loop(
; CHECK-NOT: @__hindsight_read8_leaf({{.*}}@g
; CHECK: @__hindsight_write8_leaf({{.*}}@g
; CHECK: ret void
define void @promoted_past_loop(i1 %c, i64 %n, ptr %to) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br label %loop
loop:
  %i = phi i64 [ 3, %entry ], [ %next, %loop ]
  %five = mul i64 %i, 5
  %next = xor i64 %five, 77
  %again = icmp ne i64 %next, %n
  br i1 %again, label %loop, label %out, !llvm.loop !1
out:
  br i1 %c, label %set, label %end
set:
  %more = add i64 %before, %n
  store i64 %more, ptr @g, align 8
  br label %end
end:
  ret void
}

; CHECK-LABEL: define void @promoted_past_counted(
; CHECK-NOT: @__hindsight_read8_leaf({{.*}}@g
; CHECK: @__hindsight_write8_leaf({{.*}}@g
; CHECK: ret void
define void @promoted_past_counted(i1 %c, i64 %n, ptr %to) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br label %loop
loop:
  %i = phi i64 [ 3, %entry ], [ %next, %loop ]
  %five = mul i64 %i, 5
  %next = add nuw i64 %i, 1
  %again = icmp ne i64 %next, %n
  br i1 %again, label %loop, label %out
out:
  br i1 %c, label %set, label %end
set:
  %more = add i64 %before, %n
  store i64 %more, ptr @g, align 8
  br label %end
end:
  ret void
}

; One that may never end: the write may never come.
; CHECK-LABEL: define void @endless_between(
; CHECK: @__hindsight_read8_leaf({{.*}}@g
; CHECK: loop:
; CHECK: ret void
define void @endless_between(i1 %c, i64 %n, ptr %to) sanitize_thread {
entry:
  %before = load i64, ptr @g, align 8
  br label %loop
loop:
  %i = phi i64 [ 3, %entry ], [ %next, %loop ]
  %five = mul i64 %i, 5
  %next = xor i64 %five, 77
  %again = icmp ne i64 %next, %n
  br i1 %again, label %loop, label %out
out:
  br i1 %c, label %set, label %end
set:
  %more = add i64 %before, %n
  store i64 %more, ptr @g, align 8
  br label %end
end:
  ret void
}

!1 = distinct !{!1, !2}
!2 = !{!"llvm.loop.mustprogress"}
