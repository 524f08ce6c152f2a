; Of a vector that is loaded, the lanes that anything uses are read.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-lanes %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

; CHECK-LABEL: define <2 x i32> @every_second(
; CHECK: @__hindsight_read4_leaf(
; CHECK: add i64 %{{.*}}, 8
; CHECK: @__hindsight_read4_leaf(
; CHECK: load <4 x i32>
; CHECK: ret <2 x i32>
; OFF-LABEL: define <2 x i32> @every_second(
; OFF: @__hindsight_read16_leaf(
; OFF: ret <2 x i32>
define <2 x i32> @every_second(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %x = shufflevector <4 x i32> %v, <4 x i32> undef, <2 x i32> <i32 0, i32 2>
  ret <2 x i32> %x
}

; Neighbours are one; what is picked from the other operand is not picked from this one.
; CHECK-LABEL: define <4 x i32> @three_of_four(
; CHECK: add i64 %{{.*}}, 4
; CHECK: call {{.*}}@__hindsight_read_range_leaf(i64 %{{.*}}, i64 12,
; CHECK-NOT: @__hindsight_read
; CHECK: load <4 x i32>
; CHECK: ret <4 x i32>
define <4 x i32> @three_of_four(ptr %p, <4 x i32> %w) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %x = shufflevector <4 x i32> %w, <4 x i32> %v, <4 x i32> <i32 0, i32 5, i32 6, i32 7>
  ret <4 x i32> %x
}

; Operations lane by lane, before the picking.
; CHECK-LABEL: define i64 @picked_later(
; CHECK: add i64 %{{.*}}, 12
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: @__hindsight_read
; CHECK: ret i64
define i64 @picked_later(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %square = mul <4 x i32> %v, %v
  %more = call <4 x i32> @llvm.umax.v4i32(<4 x i32> %square, <4 x i32> <i32 1, i32 1, i32 1, i32 1>)
  %wide = zext <4 x i32> %more to <4 x i64>
  %x = extractelement <4 x i64> %wide, i32 3
  ret i64 %x
}

; A lane of a lane: nobody uses the first one in the end.
; CHECK-LABEL: define i32 @picked_twice(
; CHECK: add i64 %{{.*}}, 8
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: @__hindsight_read
; CHECK: ret i32
define i32 @picked_twice(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %x = shufflevector <4 x i32> %v, <4 x i32> undef, <2 x i32> <i32 0, i32 2>
  %y = extractelement <2 x i32> %x, i32 1
  ret i32 %y
}

; All lanes, in any order.
; CHECK-LABEL: define <4 x i32> @reversed(
; CHECK: @__hindsight_read16_leaf(
; CHECK: ret <4 x i32>
define <4 x i32> @reversed(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %x = shufflevector <4 x i32> %v, <4 x i32> undef, <4 x i32> <i32 3, i32 2, i32 1, i32 0>
  ret <4 x i32> %x
}

; CHECK-LABEL: define i32 @whole_beside(
; CHECK: @__hindsight_read16_leaf(
; CHECK: ret i32
define i32 @whole_beside(ptr %p, ptr noalias %to) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %x = extractelement <4 x i32> %v, i32 0
  %local = alloca <4 x i32>
  store <4 x i32> %v, ptr %local
  ret i32 %x
}

; Nobody knows which.
; CHECK-LABEL: define i32 @variable_lane(
; CHECK: @__hindsight_read16_leaf(
; CHECK: ret i32
define i32 @variable_lane(ptr %p, i32 %i) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %x = extractelement <4 x i32> %v, i32 %i
  ret i32 %x
}

; Lanes of other sizes.
; CHECK-LABEL: define i64 @reinterpreted(
; CHECK: @__hindsight_read16_leaf(
; CHECK: ret i64
define i64 @reinterpreted(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  %w = bitcast <4 x i32> %v to <2 x i64>
  %x = extractelement <2 x i64> %w, i32 0
  ret i64 %x
}

; The program's own, whatever it does with it.
; CHECK-LABEL: define i32 @volatile(
; CHECK: @__hindsight_volatile_read16_leaf(
; CHECK: ret i32
define i32 @volatile(ptr %p) sanitize_thread {
  %v = load volatile <4 x i32>, ptr %p, align 4
  %x = extractelement <4 x i32> %v, i32 0
  ret i32 %x
}

; CHECK-LABEL: define void @unused(
; CHECK: @__hindsight_read16_leaf(
; CHECK: ret void
define void @unused(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 4
  ret void
}

declare <4 x i32> @llvm.umax.v4i32(<4 x i32>, <4 x i32>)
