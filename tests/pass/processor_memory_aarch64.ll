; NEON's loads and stores of several vectors access them all, one lane of each, or one element for each.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
target triple = "aarch64-unknown-linux-gnu"

; CHECK-LABEL: define void @vectors(
; CHECK: call preserve_allcc void @__hindsight_read_range_leaf(i64 %{{.*}}, i64 48,
; CHECK: @llvm.aarch64.neon.ld3.
; CHECK: call preserve_allcc void @__hindsight_write_range_leaf(i64 %{{.*}}, i64 32,
; CHECK: @llvm.aarch64.neon.st1x2.
define void @vectors(ptr %p, ptr %q, <16 x i8> %v) sanitize_thread {
  %three = call { <4 x i32>, <4 x i32>, <4 x i32> } @llvm.aarch64.neon.ld3.v4i32.p0(ptr %p)
  call void @llvm.aarch64.neon.st1x2.v16i8.p0(<16 x i8> %v, <16 x i8> %v, ptr %q)
  ret void
}

; CHECK-LABEL: define void @elements(
; CHECK: call preserve_allcc void @__hindsight_read8_leaf(
; CHECK: @llvm.aarch64.neon.ld2r.
; CHECK: call preserve_allcc void @__hindsight_write8_leaf(
; CHECK: @llvm.aarch64.neon.st4lane.
define void @elements(ptr %p, ptr %q, <8 x i16> %v) sanitize_thread {
  %two = call { <4 x i32>, <4 x i32> } @llvm.aarch64.neon.ld2r.v4i32.p0(ptr %p)
  call void @llvm.aarch64.neon.st4lane.v8i16.p0(<8 x i16> %v, <8 x i16> %v, <8 x i16> %v, <8 x i16> %v, i64 3, ptr %q)
  ret void
}

declare { <4 x i32>, <4 x i32>, <4 x i32> } @llvm.aarch64.neon.ld3.v4i32.p0(ptr)
declare void @llvm.aarch64.neon.st1x2.v16i8.p0(<16 x i8>, <16 x i8>, ptr)
declare { <4 x i32>, <4 x i32> } @llvm.aarch64.neon.ld2r.v4i32.p0(ptr)
declare void @llvm.aarch64.neon.st4lane.v8i16.p0(<8 x i16>, <8 x i16>, <8 x i16>, <8 x i16>, i64, ptr)
