; The inline test of each size: address + offset of the write image or of the thread's read image, the
; cells against the current cell, and a cold call that keeps all registers.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; One byte: the stamp must be the current one and the byte's mask bit be set.
; CHECK-LABEL: define void @write1(
; CHECK: %[[OWN:.*]] = load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: %[[WORD:.*]] = and i64 %{{.*}}, -4
; CHECK: add i64 %[[WORD]], -35184371872384
; CHECK: load i32, ptr
; CHECK: xor i32
; CHECK: %[[AT:.*]] = and i32 %{{.*}}, 3
; CHECK: %[[MASK:.*]] = shl i32 1, %[[AT]]
; CHECK: or i32 %[[MASK]], -16
; CHECK: br i1 %{{.*}}, label %{{.*}}, label %{{.*}}, !prof
; CHECK: call preserve_allcc void @__hindsight_write1_leaf(
; CHECK: store i8 1
define void @write1(ptr %p) sanitize_thread {
  store i8 1, ptr %p
  ret void
}

; Two bytes on their boundary lie in one word.
; CHECK-LABEL: define void @write2(
; CHECK: shl i32 3,
; CHECK-NOT: lshr
; CHECK: call preserve_allcc void @__hindsight_write2_leaf(
define void @write2(ptr %p) sanitize_thread {
  store i16 1, ptr %p, align 2
  ret void
}

; Two bytes anywhere may lie in two words, which only the runtime can check.
; CHECK-LABEL: define void @write2_unaligned(
; CHECK: %[[CROSSES:.*]] = lshr i32 %{{.*}}, 4
; CHECK: or i32 %{{.*}}, %[[CROSSES]]
; CHECK: call preserve_allcc void @__hindsight_write2_leaf(
define void @write2_unaligned(ptr %p) sanitize_thread {
  store i16 1, ptr %p, align 1
  ret void
}

; CHECK-LABEL: define i32 @read4(
; CHECK: %[[IMAGE:.*]] = load i64, ptr getelementptr {{.*}}@__hindsight_tls, i64 0, i64 2)
; CHECK: add i64 %{{.*}}, %[[IMAGE]]
; CHECK: %[[SEEN:.*]] = load i32, ptr
; CHECK: icmp ne i32 %[[SEEN]]
; CHECK: call preserve_allcc void @__hindsight_read4_leaf(
; CHECK: load i32, ptr %p
define i32 @read4(ptr %p) sanitize_thread {
  %v = load i32, ptr %p, align 4
  ret i32 %v
}

; It may lie in two words: those of its first and its last byte.
; CHECK-LABEL: define void @write4_unaligned(
; CHECK: %[[LAST:.*]] = add i64 %{{.*}}, 3
; CHECK: and i64 %{{.*}}, -4
; CHECK: and i64 %[[LAST]], -4
; CHECK: load i32, ptr %{{.*}}, align 4
; CHECK: br i1 %{{.*}}, label %[[COLD:[0-9]+]], label
; CHECK: load i32, ptr %{{.*}}, align 4
; CHECK: br i1 %{{.*}}, label %[[COLD]], label
; CHECK: call preserve_allcc void @__hindsight_write4_leaf(
define void @write4_unaligned(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 1
  ret void
}

; Eight bytes: both cells in one compare, also at a multiple of four.
; CHECK-LABEL: define i64 @read8(
; CHECK: %[[SEEN:.*]] = load i64, ptr %{{.*}}, align 4
; CHECK: icmp ne i64 %[[SEEN]]
; CHECK: call preserve_allcc void @__hindsight_read8_leaf(
define i64 @read8(ptr %p) sanitize_thread {
  %v = load i64, ptr %p, align 4
  ret i64 %v
}

; Two words and maybe a third, or the second once more.
; CHECK-LABEL: define i64 @read8_unaligned(
; CHECK: %[[LAST:.*]] = add i64 %{{.*}}, 7
; CHECK: load i64, ptr %{{.*}}, align 4
; CHECK: br i1 %{{.*}}, label %[[COLD:[0-9]+]], label
; CHECK: load i32, ptr %{{.*}}, align 4
; CHECK: br i1 %{{.*}}, label %[[COLD]], label
; CHECK: call preserve_allcc void @__hindsight_read8_leaf(
define i64 @read8_unaligned(ptr %p) sanitize_thread {
  %v = load i64, ptr %p, align 2
  ret i64 %v
}

; Sixteen bytes: two compares, each with its branch to one cold call.
; CHECK-LABEL: define void @write16(
; CHECK: load i64, ptr %{{.*}}, align 4
; CHECK: br i1 %{{.*}}, label %[[COLD:[0-9]+]], label
; CHECK: load i64, ptr %{{.*}}, align 4
; CHECK-NOT: or i64
; CHECK: br i1 %{{.*}}, label %[[COLD]], label
; CHECK: call preserve_allcc void @__hindsight_write16_leaf(
define void @write16(ptr %p, <4 x i32> %v) sanitize_thread {
  store <4 x i32> %v, ptr %p, align 16
  ret void
}

; Other sizes are ranges in the cold call.
; CHECK-LABEL: define void @write12(
; CHECK: call preserve_allcc void @__hindsight_write_range_leaf(i64 %{{.*}}, i64 12, i64
define void @write12(ptr %p, <3 x i32> %v) sanitize_thread {
  store <3 x i32> %v, ptr %p, align 16
  ret void
}
