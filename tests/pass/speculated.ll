; A read that code motion made up, to keep in a register what a loop reads and writes under a condition,
; is not the program's.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

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
