; A second access is covered by the first one's check unless a release may lie between: acquires only
; add to what the thread knows.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; CHECK-LABEL: define void @nothing_between(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK-NOT: @__hindsight_write4
; CHECK: ret void
define void @nothing_between(ptr %p, i1 %c) sanitize_thread {
  store i32 1, ptr %p, align 4
  br i1 %c, label %then, label %end
then:
  store i32 2, ptr %p, align 4
  br label %end
end:
  ret void
}

; CHECK-LABEL: define void @release_between(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call void @__hindsight_atomic32_store(
; CHECK: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: ret void
define void @release_between(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  store atomic i32 1, ptr %flag release, align 4
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define i32 @acquire_between(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call i32 @__hindsight_atomic32_load(
; CHECK-NOT: @__hindsight_write4
; CHECK: ret i32
define i32 @acquire_between(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  %seen = load atomic i32, ptr %flag acquire, align 4
  store i32 2, ptr %p, align 4
  ret i32 %seen
}

; A relaxed store publishes what a release fence left, not what came after it.
; CHECK-LABEL: define void @relaxed_between(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call void @__hindsight_atomic32_store(
; CHECK-NOT: @__hindsight_write4
; CHECK: ret void
define void @relaxed_between(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  store atomic i32 1, ptr %flag monotonic, align 4
  store i32 2, ptr %p, align 4
  ret void
}

; But the object's own clock is ended by a plain write behind it, be it by a call.
; CHECK-LABEL: define void @relaxed_to_itself(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call void @__hindsight_atomic32_store(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: ret void
define void @relaxed_to_itself(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  store atomic i32 1, ptr %p monotonic, align 4
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @relaxed_to_neighbour(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call i32 @__hindsight_atomic32_fetch_add(
; CHECK-NOT: @__hindsight_write4
; CHECK: ret void
define void @relaxed_to_neighbour(ptr %p) sanitize_thread {
  %next = getelementptr inbounds i8, ptr %p, i64 4
  store i32 1, ptr %p, align 4
  %old = atomicrmw add ptr %next, i32 1 monotonic
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @relaxed_by_call(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call void @stores_relaxed(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: ret void
define void @relaxed_by_call(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @stores_relaxed(ptr %p)
  store i32 2, ptr %p, align 4
  ret void
}
define void @stores_relaxed(ptr %p) sanitize_thread {
  store atomic i32 1, ptr %p monotonic, align 4
  ret void
}

; A read behind it is a repetition all the same.
; CHECK-LABEL: define i32 @relaxed_between_reads(
; CHECK: call preserve_allcc void @__hindsight_read4
; CHECK: call void @__hindsight_atomic32_store(
; CHECK-NOT: @__hindsight_read4
; CHECK: ret i32
define i32 @relaxed_between_reads(ptr %p) sanitize_thread {
  %before = load i32, ptr %p, align 4
  store atomic i32 1, ptr %p monotonic, align 4
  %after = load i32, ptr %p, align 4
  ret i32 %after
}

; CHECK-LABEL: define void @fence_between(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call void @__hindsight_atomic_fence(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: ret void
define void @fence_between(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  fence release
  store i32 2, ptr %p, align 4
  ret void
}

; A fence for signal handlers orders nothing between threads.
; CHECK-LABEL: define void @signal_fence_between(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: fence syncscope("singlethread") seq_cst
; CHECK-NOT: @__hindsight_write4
; CHECK: ret void
define void @signal_fence_between(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  fence syncscope("singlethread") seq_cst
  store i32 2, ptr %p, align 4
  ret void
}

; A write covers a read, a read does not cover a write.
; CHECK-LABEL: define i32 @write_then_read(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: call i32 @__hindsight_atomic32_load(
; CHECK-NOT: @__hindsight_read4
; CHECK: ret i32
define i32 @write_then_read(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  %seen = load atomic i32, ptr %flag acquire, align 4
  %v = load i32, ptr %p, align 4
  ret i32 %v
}

; CHECK-LABEL: define i32 @read_then_write(
; CHECK: call preserve_allcc void @__hindsight_read4
; CHECK: call i32 @__hindsight_atomic32_load(
; CHECK: call preserve_allcc void @__hindsight_write4
; CHECK: ret i32
define i32 @read_then_write(ptr %p, ptr %flag) sanitize_thread {
  %v = load i32, ptr %p, align 4
  %seen = load atomic i32, ptr %flag acquire, align 4
  store i32 1, ptr %p, align 4
  ret i32 %v
}
