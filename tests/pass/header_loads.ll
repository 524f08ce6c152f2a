; What the header of a loop reads is not read again behind a release on a side way (GVN; that of LLVM 14 does not).
; VERSIONS: 19
; RUN: %opt -passes=gvn -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-conditions %opt -passes=gvn -S %s | %FileCheck %s --check-prefix=OFF

@g = global i32 0
declare void @unlock()

; CHECK-LABEL: define i32 @released(
; CHECK: loop:
; CHECK: load i32, ptr @g
; CHECK: side:
; CHECK-NEXT: call void @unlock()
; CHECK-NEXT: br label
; CHECK: ret i32
; OFF-LABEL: define i32 @released(
; OFF: side:
; OFF-NEXT: call void @unlock()
; OFF-NEXT: load i32, ptr @g
; OFF: ret i32
define i32 @released(ptr %words, i32 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %sum = phi i32 [ 0, %entry ], [ %new_sum, %next ]
  %old = load i32, ptr @g, align 4
  %new_sum = add i32 %sum, %old
  %at = getelementptr inbounds i32, ptr %words, i32 %i
  %word = load i32, ptr %at, align 4
  %c = icmp sgt i32 %word, 99
  br i1 %c, label %side, label %next
side:
  call void @unlock()
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %new_sum
}

; Nothing is released behind a store: the program itself read there just before.
; CHECK-LABEL: define i32 @stored(
; CHECK: side:
; CHECK: store i32
; CHECK-NEXT: load i32, ptr @g
; CHECK: ret i32
define i32 @stored(ptr %words, i32 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %sum = phi i32 [ 0, %entry ], [ %new_sum, %next ]
  %old = load i32, ptr @g, align 4
  %new_sum = add i32 %sum, %old
  %at = getelementptr inbounds i32, ptr %words, i32 %i
  %word = load i32, ptr %at, align 4
  %c = icmp sgt i32 %word, 99
  br i1 %c, label %side, label %next
side:
  store i32 0, ptr %at, align 4
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %new_sum
}

; Nobody checks this function.
; CHECK-LABEL: define i32 @unchecked(
; CHECK: side:
; CHECK-NEXT: call void @unlock()
; CHECK-NEXT: load i32, ptr @g
; CHECK: ret i32
define i32 @unchecked(ptr %words, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next_i, %next ]
  %sum = phi i32 [ 0, %entry ], [ %new_sum, %next ]
  %old = load i32, ptr @g, align 4
  %new_sum = add i32 %sum, %old
  %at = getelementptr inbounds i32, ptr %words, i32 %i
  %word = load i32, ptr %at, align 4
  %c = icmp sgt i32 %word, 99
  br i1 %c, label %side, label %next
side:
  call void @unlock()
  br label %next
next:
  %next_i = add i32 %i, 1
  %more = icmp ult i32 %next_i, %n
  br i1 %more, label %loop, label %end
end:
  ret i32 %new_sum
}
