; Neighbours of one block become one compare and one call, with a mark for each further line.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @unknown()

; CHECK-LABEL: define void @neighbours(
; CHECK: load i64, ptr %{{.*}}, align 4
; CHECK: br i1
; CHECK: call preserve_allcc void @__hindsight_write_parts_leaf(i64 %{{[0-9a-z]+}}, i64 281474976710664, i64
; CHECK-NEXT: call void asm sideeffect ".byte 15,31,128,1,0,72,83", ""()
; CHECK-NEXT: br
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

; Twelve words at most, and the parts as they come: 4, 8, 16, 4, 16 bytes; the last goes by itself.
; CHECK-LABEL: define void @many(
; CHECK: call preserve_allcc void @__hindsight_write_parts(i64 %{{[0-9a-z]+}}, i64 55450570411999280)
; CHECK-NEXT: call void asm sideeffect ".byte 15,31,128,1,0,72,83", ""()
; CHECK-NEXT: call void asm sideeffect ".byte 15,31,128,2,0,72,83", ""()
; CHECK-NEXT: call void asm sideeffect ".byte 15,31,128,3,0,72,83", ""()
; CHECK-NEXT: call void asm sideeffect ".byte 15,31,128,4,0,72,83", ""()
; CHECK-NEXT: br
; CHECK: call preserve_allcc void @__hindsight_write16(
; CHECK: ret void
define void @many(ptr %p) sanitize_thread {
  %b = getelementptr i8, ptr %p, i64 4
  %c = getelementptr i8, ptr %p, i64 12
  %d = getelementptr i8, ptr %p, i64 28
  %e = getelementptr i8, ptr %p, i64 32
  %f = getelementptr i8, ptr %p, i64 48
  store i128 5, ptr %e, align 4
  store i32 1, ptr %p, align 4
  store i64 2, ptr %b, align 4
  store i128 3, ptr %c, align 4
  store i32 4, ptr %d, align 4
  store i128 6, ptr %f, align 4
  call void @unknown()
  ret void
}

; A report should name a volatile access as such.
; CHECK-LABEL: define void @volatile_neighbour(
; CHECK-DAG: @__hindsight_write4_leaf(
; CHECK-DAG: @__hindsight_volatile_write4_leaf(
; CHECK: ret void
define void @volatile_neighbour(ptr %p) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store volatile i32 2, ptr %second, align 4
  store i32 1, ptr %p, align 4
  ret void
}
