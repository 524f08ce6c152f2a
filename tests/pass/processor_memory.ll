; Vector instructions that LLVM keeps as intrinsics of the processor say what they access, too:
; a mask's bits, or the signs of its lanes.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
target triple = "x86_64-unknown-linux-gnu"

; CHECK-LABEL: define <16 x i8> @unaligned(
; CHECK: call preserve_allcc void @__hindsight_read16_leaf(
; CHECK: @llvm.x86.sse3.ldu.dq(
define <16 x i8> @unaligned(ptr %p) sanitize_thread {
  %v = call <16 x i8> @llvm.x86.sse3.ldu.dq(ptr %p)
  ret <16 x i8> %v
}

; CHECK-LABEL: define void @bytes(
; CHECK: %[[SIGNS:.*]] = icmp slt <16 x i8> %mask, zeroinitializer
; CHECK: %[[BITS:.*]] = bitcast <16 x i1> %[[SIGNS]] to i16
; CHECK: %[[LANES:.*]] = zext i16 %[[BITS]] to i64
; CHECK: call void @__hindsight_write_masked(i64 %{{.*}}, i64 %[[LANES]], i64 1)
; CHECK: @llvm.x86.sse2.maskmov.dqu(
define void @bytes(<16 x i8> %v, <16 x i8> %mask, ptr %p) sanitize_thread {
  call void @llvm.x86.sse2.maskmov.dqu(<16 x i8> %v, <16 x i8> %mask, ptr %p)
  ret void
}

; CHECK-LABEL: define <8 x float> @masked_load(
; CHECK: icmp slt <8 x i32> %mask, zeroinitializer
; CHECK: call void @__hindsight_read_masked(i64 %{{.*}}, i64 %{{.*}}, i64 4)
; CHECK: @llvm.x86.avx.maskload.ps.256(
define <8 x float> @masked_load(ptr %p, <8 x i32> %mask) sanitize_thread {
  %v = call <8 x float> @llvm.x86.avx.maskload.ps.256(ptr %p, <8 x i32> %mask)
  ret <8 x float> %v
}

; CHECK-LABEL: define void @masked_store(
; CHECK: call void @__hindsight_write_masked(i64 %{{.*}}, i64 %{{.*}}, i64 8)
; CHECK: @llvm.x86.avx2.maskstore.q(
define void @masked_store(ptr %p, <2 x i64> %mask, <2 x i64> %v) sanitize_thread {
  call void @llvm.x86.avx2.maskstore.q(ptr %p, <2 x i64> %mask, <2 x i64> %v)
  ret void
}

; Four indices, two values.
; CHECK-LABEL: define <2 x double> @gather(
; CHECK: bitcast <2 x double> %mask to <2 x i64>
; CHECK: %[[FIRST:.*]] = extractelement <4 x i32> %at, i{{32|64}} 0
; CHECK: %[[WIDE:.*]] = sext i32 %[[FIRST]] to i64
; CHECK: mul i64 %[[WIDE]], 8
; CHECK-COUNT-2: call void @__hindsight_read_masked(i64 %{{.*}}, i64 %{{.*}}, i64 8)
; CHECK-NOT: _masked(
; CHECK: @llvm.x86.avx2.gather.d.pd(
define <2 x double> @gather(<2 x double> %rest, ptr %p, <4 x i32> %at, <2 x double> %mask) sanitize_thread {
  %v = call <2 x double> @llvm.x86.avx2.gather.d.pd(<2 x double> %rest, ptr %p, <4 x i32> %at, <2 x double> %mask, i8 8)
  ret <2 x double> %v
}

; Two indices, four values.
; CHECK-LABEL: define <4 x float> @gather_two(
; CHECK: shufflevector <4 x i1> %{{.*}}, <2 x i32> <i32 0, i32 1>
; CHECK-COUNT-2: call void @__hindsight_read_masked(i64 %{{.*}}, i64 %{{.*}}, i64 4)
; CHECK-NOT: _masked(
; CHECK: ret
define <4 x float> @gather_two(<4 x float> %rest, ptr %p, <2 x i64> %at, <4 x float> %mask) sanitize_thread {
  %v = call <4 x float> @llvm.x86.avx2.gather.q.ps(<4 x float> %rest, ptr %p, <2 x i64> %at, <4 x float> %mask, i8 4)
  ret <4 x float> %v
}

; CHECK-LABEL: define <8 x double> @gather_bits(
; CHECK-COUNT-8: call void @__hindsight_read_masked(i64 %{{.*}}, i64 %{{.*}}, i64 8)
; CHECK: @llvm.x86.avx512.mask.gather.dpd.512(
define <8 x double> @gather_bits(<8 x double> %rest, ptr %p, <8 x i32> %at, <8 x i1> %mask) sanitize_thread {
  %v = call <8 x double> @llvm.x86.avx512.mask.gather.dpd.512(<8 x double> %rest, ptr %p, <8 x i32> %at, <8 x i1> %mask, i32 8)
  ret <8 x double> %v
}

; CHECK-LABEL: define void @scatter(
; CHECK-COUNT-4: call void @__hindsight_write_masked(i64 %{{.*}}, i64 %{{.*}}, i64 4)
; CHECK: @llvm.x86.avx512.mask.scattersiv4.si(
define void @scatter(ptr %p, <4 x i1> %mask, <4 x i32> %at, <4 x i32> %v) sanitize_thread {
  call void @llvm.x86.avx512.mask.scattersiv4.si(ptr %p, <4 x i1> %mask, <4 x i32> %at, <4 x i32> %v, i32 4)
  ret void
}

; CHECK-LABEL: define void @narrowed(
; CHECK: %[[BITS:.*]] = bitcast i8 %mask to <8 x i1>
; CHECK: shufflevector <8 x i1> %[[BITS]], <8 x i1> poison, <2 x i32> <i32 0, i32 1>
; CHECK: call void @__hindsight_write_masked(i64 %{{.*}}, i64 %{{.*}}, i64 2)
; CHECK: @llvm.x86.avx512.mask.pmovus.qw.mem.128(
define void @narrowed(ptr %p, <2 x i64> %v, i8 %mask) sanitize_thread {
  call void @llvm.x86.avx512.mask.pmovus.qw.mem.128(ptr %p, <2 x i64> %v, i8 %mask)
  ret void
}

; CHECK-LABEL: define void @nothing(
; CHECK-NOT: @__hindsight_{{read|write}}
; CHECK: ret void
define void @nothing(ptr %p) sanitize_thread {
  call void @llvm.x86.sse2.clflush(ptr %p)
  call void @llvm.prefetch.p0(ptr %p, i32 0, i32 3, i32 1)
  ret void
}

declare <16 x i8> @llvm.x86.sse3.ldu.dq(ptr)
declare void @llvm.x86.sse2.maskmov.dqu(<16 x i8>, <16 x i8>, ptr)
declare <8 x float> @llvm.x86.avx.maskload.ps.256(ptr, <8 x i32>)
declare void @llvm.x86.avx2.maskstore.q(ptr, <2 x i64>, <2 x i64>)
declare <2 x double> @llvm.x86.avx2.gather.d.pd(<2 x double>, ptr, <4 x i32>, <2 x double>, i8)
declare <4 x float> @llvm.x86.avx2.gather.q.ps(<4 x float>, ptr, <2 x i64>, <4 x float>, i8)
declare <8 x double> @llvm.x86.avx512.mask.gather.dpd.512(<8 x double>, ptr, <8 x i32>, <8 x i1>, i32)
declare void @llvm.x86.avx512.mask.scattersiv4.si(ptr, <4 x i1>, <4 x i32>, <4 x i32>, i32)
declare void @llvm.x86.avx512.mask.pmovus.qw.mem.128(ptr, <2 x i64>, i8)
declare void @llvm.x86.sse2.clflush(ptr)
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)
