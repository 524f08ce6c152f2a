; Vector instructions that touch some lanes say at run time which.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare <4 x i32> @llvm.masked.load.v4i32.p0(ptr, i32, <4 x i1>, <4 x i32>)
declare void @llvm.masked.scatter.v2i64.v2p0(<2 x i64>, <2 x ptr>, i32, <2 x i1>)
declare void @llvm.masked.compressstore.v4i32(<4 x i32>, ptr, <4 x i1>)

; CHECK-LABEL: define <4 x i32> @some_lanes(
; CHECK: %[[BITS:.*]] = bitcast <4 x i1> %mask to i4
; CHECK: %[[LANES:.*]] = zext i4 %[[BITS]] to i64
; CHECK: call void @__hindsight_read_masked(i64 %{{.*}}, i64 %[[LANES]], i64 4)
; CHECK: @llvm.masked.load
define <4 x i32> @some_lanes(ptr %p, <4 x i1> %mask) sanitize_thread {
  %v = call <4 x i32> @llvm.masked.load.v4i32.p0(ptr %p, i32 4, <4 x i1> %mask, <4 x i32> undef)
  ret <4 x i32> %v
}

; CHECK-LABEL: define void @scattered(
; CHECK-COUNT-2: call void @__hindsight_write_masked(i64 %{{.*}}, i64 %{{.*}}, i64 8)
; CHECK: @llvm.masked.scatter
define void @scattered(<2 x ptr> %p, <2 x i1> %mask) sanitize_thread {
  call void @llvm.masked.scatter.v2i64.v2p0(<2 x i64> zeroinitializer, <2 x ptr> %p, i32 8, <2 x i1> %mask)
  ret void
}

; CHECK-LABEL: define void @packed(
; CHECK: call i64 @llvm.ctpop.i64(
; CHECK: call void @__hindsight_write_masked(
define void @packed(ptr %p, <4 x i32> %v, <4 x i1> %mask) sanitize_thread {
  call void @llvm.masked.compressstore.v4i32(<4 x i32> %v, ptr %p, <4 x i1> %mask)
  ret void
}

; All lanes: a plain access. Another address space is nobody else's.
; CHECK-LABEL: define <4 x i32> @all_lanes(
; CHECK-NOT: _masked(
; CHECK: @__hindsight_read16_leaf(
; CHECK: ret <4 x i32>
define <4 x i32> @all_lanes(ptr %p) sanitize_thread {
  %v = load <4 x i32>, ptr %p, align 16
  ret <4 x i32> %v
}

; CHECK-LABEL: define <4 x i32> @elsewhere(
; CHECK-NOT: @__hindsight_
; CHECK: ret <4 x i32>
define <4 x i32> @elsewhere(ptr addrspace(256) %p, <4 x i1> %mask) sanitize_thread {
  %v = call <4 x i32> @llvm.masked.load.v4i32.p256(ptr addrspace(256) %p, i32 4, <4 x i1> %mask, <4 x i32> undef)
  ret <4 x i32> %v
}
declare <4 x i32> @llvm.masked.load.v4i32.p256(ptr addrspace(256), i32, <4 x i1>, <4 x i32>)
