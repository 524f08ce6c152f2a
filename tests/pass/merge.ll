; Neighbours of one block become one compare; their cold calls stay apart.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @unknown()

; CHECK-LABEL: define void @neighbours(
; CHECK: load i64, ptr %{{.*}}, align 4
; CHECK: br i1
; CHECK: call preserve_allcc void @__hindsight_write4_leaf(
; CHECK-NOT: br
; CHECK: call preserve_allcc void @__hindsight_write4_leaf(
; CHECK-NOT: br i1
; CHECK: ret void
define void @neighbours(ptr %p) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store i32 2, ptr %second, align 4
  store i32 1, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @gap(
; CHECK: br i1
; CHECK: @__hindsight_write4_leaf(
; CHECK: br i1
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret void
define void @gap(ptr %p) sanitize_thread {
  %third = getelementptr i8, ptr %p, i64 8
  store i32 1, ptr %p, align 4
  store i32 2, ptr %third, align 4
  ret void
}

; Not moved over a call.
; CHECK-LABEL: define void @call_between(
; CHECK: @__hindsight_write4(
; CHECK: call void @unknown()
; CHECK: @__hindsight_write4(
; CHECK: ret void
define void @call_between(ptr %p) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %p, align 4
  call void @unknown()
  store i32 2, ptr %second, align 4
  ret void
}

; Nor over an acquire: the second one may be ordered by it.
; CHECK-LABEL: define i32 @acquire_between(
; CHECK: @__hindsight_write4(
; CHECK: call i32 @__hindsight_atomic32_load(
; CHECK: @__hindsight_write4(
; CHECK: ret i32
define i32 @acquire_between(ptr %p, ptr %flag) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %p, align 4
  %seen = load atomic i32, ptr %flag acquire, align 4
  store i32 2, ptr %second, align 4
  ret i32 %seen
}

; A read and a write look at different images.
; CHECK-LABEL: define i32 @read_and_write(
; CHECK-DAG: @__hindsight_read4_leaf(
; CHECK-DAG: @__hindsight_write4_leaf(
; CHECK: ret i32
define i32 @read_and_write(ptr %p) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %p, align 4
  %v = load i32, ptr %second, align 4
  ret i32 %v
}

; x++ is a write: its read needs no check of its own.
; CHECK-LABEL: define void @increment(
; CHECK-NOT: @__hindsight_read4
; CHECK: @__hindsight_write4_leaf(
; CHECK-NOT: @__hindsight_read4
; CHECK: ret void
define void @increment(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  %w = add i32 %v, 1
  store i32 %w, ptr %p, align 4
  ret void
}

; ... but not if the write may not be reached.
; CHECK-LABEL: define void @increment_unless_gone(
; CHECK: @__hindsight_read4(
; CHECK: call void @exits()
; CHECK: @__hindsight_write4(
; CHECK: ret void
define void @exits() {
  ret void
}
define void @increment_unless_gone(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  call void @exits()
  %w = add i32 %v, 1
  store i32 %w, ptr %p, align 4
  ret void
}
