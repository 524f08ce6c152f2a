; Atomic operations become calls with the C ABI's order numbers.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

; CHECK-LABEL: define void @operations(
; CHECK: call i8 @__hindsight_atomic8_load(ptr %p, i32 0)
; CHECK: call i16 @__hindsight_atomic16_load(ptr %p, i32 2)
; CHECK: call i64 @__hindsight_atomic64_load(ptr %p, i32 5)
; CHECK: call void @__hindsight_atomic128_store(ptr %p, i128 1, i32 3)
; CHECK: call i32 @__hindsight_atomic32_fetch_add(ptr %p, i32 1, i32 4)
; CHECK: call i32 @__hindsight_atomic32_fetch_nand(ptr %p, i32 1, i32 0)
; CHECK: call i32 @__hindsight_atomic32_fetch_umax(ptr %p, i32 1, i32 0)
; CHECK: call i64 @__hindsight_atomic64_exchange(ptr %p, i64 7, i32 2)
; CHECK: call void @__hindsight_atomic_fence(i32 5)
define void @operations(ptr %p) sanitize_thread {
  %a = load atomic i8, ptr %p monotonic, align 1
  %b = load atomic i16, ptr %p acquire, align 2
  %c = load atomic ptr, ptr %p seq_cst, align 8
  store atomic i128 1, ptr %p release, align 16
  %d = atomicrmw add ptr %p, i32 1 acq_rel
  %e = atomicrmw nand ptr %p, i32 1 monotonic
  %f = atomicrmw umax ptr %p, i32 1 monotonic
  %g = atomicrmw xchg ptr %p, i64 7 acquire
  fence seq_cst
  ret void
}

; The result is a pair.
; CHECK-LABEL: define i1 @compare_exchange(
; CHECK: %[[SEEN:.*]] = call i32 @__hindsight_atomic32_compare_exchange(ptr %p, i32 1, i32 2, i32 4, i32 2)
; CHECK: icmp eq i32 %[[SEEN]], 1
define i1 @compare_exchange(ptr %p) sanitize_thread {
  %pair = cmpxchg ptr %p, i32 1, i32 2 acq_rel acquire
  %done = extractvalue { i32, i1 } %pair, 1
  ret i1 %done
}

; What the runtime has no name for is a loop of compare-exchanges.
; CHECK-LABEL: define float @add_reals(
; CHECK: call i32 @__hindsight_atomic32_load(ptr %p, i32 0)
; CHECK: hindsight.update:
; CHECK: fadd float
; CHECK: call i32 @__hindsight_atomic32_compare_exchange(ptr %p, i32 %{{.*}}, i32 %{{.*}}, i32 5, i32 0)
; CHECK: br i1 %{{.*}}, label %{{.*}}, label %hindsight.update
define float @add_reals(ptr %p) sanitize_thread {
  %old = atomicrmw fadd ptr %p, float 1.0 seq_cst
  ret float %old
}

; Signal handlers' business, and other address spaces, are left alone.
; CHECK-LABEL: define void @left_alone(
; CHECK: store atomic i32 1, ptr %p syncscope("singlethread") release
; CHECK: load atomic i32, ptr addrspace(256) %q
; CHECK: ret void
define void @left_alone(ptr %p, ptr addrspace(256) %q) sanitize_thread {
  store atomic i32 1, ptr %p syncscope("singlethread") release, align 4
  %v = load atomic i32, ptr addrspace(256) %q acquire, align 4
  ret void
}
