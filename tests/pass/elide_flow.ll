; Facts meet: an access is covered only if every path to it has checked the same bytes, and a value
; of a loop's next iteration is another address.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; CHECK-LABEL: define void @both_branches(
; CHECK: then:
; CHECK: @__hindsight_write4_leaf(
; CHECK: else:
; CHECK: @__hindsight_write4_leaf(
; CHECK: end:
; CHECK-NOT: @__hindsight_write4_leaf(
; CHECK: ret void
define void @both_branches(ptr %p, i1 %c) sanitize_thread {
  br i1 %c, label %then, label %else
then:
  store i32 1, ptr %p, align 4
  br label %end
else:
  store i32 2, ptr %p, align 4
  br label %end
end:
  store i32 3, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @one_branch(
; CHECK: then:
; CHECK: @__hindsight_write8_leaf(
; CHECK: end:
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret void
define void @one_branch(ptr %p, i1 %c) sanitize_thread {
  br i1 %c, label %then, label %end
then:
  store i64 1, ptr %p, align 8
  br label %end
end:
  store i32 3, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @part_of(
; CHECK: @__hindsight_write8_leaf(
; CHECK: second:
; CHECK-NOT: @__hindsight_write4_leaf(
; CHECK: third:
; CHECK: @__hindsight_write8_leaf(
; CHECK: ret void
define void @part_of(ptr %p) sanitize_thread {
  store i64 1, ptr %p, align 8
  br label %second
second:
  %inner = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %inner, align 4
  br label %third
third:                                     ; half of it was not checked
  store i64 1, ptr %inner, align 4
  ret void
}

; The list's next element: the same name, another address.
; CHECK-LABEL: define void @next_element(
; CHECK: loop:
; CHECK: phi ptr
; CHECK: @__hindsight_write4_leaf(
; CHECK: store i32 0, ptr %node
; CHECK: ret void
define void @next_element(ptr %first) sanitize_thread {
entry:
  br label %loop
loop:
  %node = phi ptr [ %first, %entry ], [ %next, %loop ]
  store i32 0, ptr %node, align 4
  %link = getelementptr i8, ptr %node, i64 8
  %next = load ptr, ptr %link, align 8
  %more = icmp ne ptr %next, null
  br i1 %more, label %loop, label %end
end:
  ret void
}

; The same address in each iteration, but released in between.
; CHECK-LABEL: define void @released_in_loop(
; CHECK: loop:
; CHECK: @__hindsight_write4(
; CHECK: call void @__hindsight_atomic32_store(
; CHECK: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: ret void
define void @released_in_loop(ptr %p, ptr %flag, i32 %n) sanitize_thread {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  store i32 %i, ptr %p, align 4
  store atomic i32 %i, ptr %flag release, align 4
  %next = add i32 %i, 1
  %more = icmp ne i32 %next, %n
  br i1 %more, label %loop, label %end
end:
  ret void
}
