; What a loop reads and writes under a condition is not read in front of it (LICM).
; VERSIONS: 14 19
; RUN: %opt -passes='loop-mssa(licm)' -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-conditions %opt -passes='loop-mssa(licm)' -S %s | %FileCheck %s --check-prefix=OFF

@g = global i32 0
@words = global [8 x i32] zeroinitializer

; CHECK-LABEL: define void @conditional(
; CHECK: entry:
; CHECK-NEXT: br label %loop
; CHECK: change:
; CHECK-NEXT: load i32, ptr @g
; CHECK: ret void
; OFF-LABEL: define void @conditional(
; OFF: entry:
; OFF-NEXT: load i32, ptr @g
; OFF: ret void
define void @conditional(i32 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %at = getelementptr inbounds [8 x i32], ptr @words, i32 0, i32 %i
  %word = load i32, ptr %at, align 4
  %c = icmp sgt i32 %word, 99
  br i1 %c, label %change, label %next
change:
  %old = load i32, ptr @g, align 4
  %new = add i32 %old, 1
  store i32 %new, ptr @g, align 4
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; Each access computes the address of the member anew.
; CHECK-LABEL: define i32 @member(
; CHECK: entry:
; CHECK-NOT: load
; CHECK: look:
; CHECK: load i32
; CHECK: ret i32
; OFF-LABEL: define i32 @member(
; OFF: entry:
; OFF: load i32
; OFF: loop:
; OFF: ret i32
define i32 @member(ptr dereferenceable(8) align 4 %s, i32 %n, i1 %c, i1 %d) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %sum = phi i32 [ 0, %entry ], [ %new_sum, %next ]
  br i1 %c, label %change, label %ask
change:
  %to = getelementptr inbounds i8, ptr %s, i64 4
  store i32 %i, ptr %to, align 4
  br label %ask
ask:
  br i1 %d, label %look, label %next
look:
  %from = getelementptr inbounds i8, ptr %s, i64 4
  %old = load i32, ptr %from, align 4
  %more_sum = add i32 %sum, %old
  br label %next
next:
  %new_sum = phi i32 [ %sum, %ask ], [ %more_sum, %look ]
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %new_sum
}

; Read in every round: one read in front of the loop is as good.
; CHECK-LABEL: define i32 @always_read(
; CHECK: entry:
; CHECK-NEXT: load i32, ptr @g
; CHECK: ret i32
define i32 @always_read(i32 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %sum = phi i32 [ 0, %entry ], [ %new_sum, %next ]
  %old = load i32, ptr @g, align 4
  %new_sum = add i32 %sum, %old
  %c = icmp sgt i32 %old, 99
  br i1 %c, label %change, label %next
change:
  %new = add i32 %old, 1
  store i32 %new, ptr @g, align 4
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %new_sum
}

; Nobody checks this function.
; CHECK-LABEL: define void @unchecked(
; CHECK: entry:
; CHECK-NEXT: load i32, ptr @g
; CHECK: ret void
define void @unchecked(i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %at = getelementptr inbounds [8 x i32], ptr @words, i32 0, i32 %i
  %word = load i32, ptr %at, align 4
  %c = icmp sgt i32 %word, 99
  br i1 %c, label %change, label %next
change:
  %old = load i32, ptr @g, align 4
  %new = add i32 %old, 1
  store i32 %new, ptr @g, align 4
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}

; The program's own volatile accesses stay what they are, and so do those that were made volatile.
; CHECK-LABEL: define void @own_volatile(
; CHECK: load volatile i32, ptr @words
; CHECK: change:
; CHECK-NEXT: load i32, ptr @g
; CHECK: ret void
define void @own_volatile(i32 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %word = load volatile i32, ptr @words, align 4
  %c = icmp sgt i32 %word, 99
  br i1 %c, label %change, label %next
change:
  %old = load i32, ptr @g, align 4
  %new = add i32 %old, 1
  store i32 %new, ptr @g, align 4
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}
