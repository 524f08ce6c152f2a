; libstdc++ 12's atomic<shared_ptr> unlocks its pointer with the order it is told, at least with release now; other
; functions keep their orders.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight-early -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-shared-ptr %opt -passes=hindsight-early -S %s | %FileCheck %s --check-prefix=OFF

; CHECK-LABEL: define void @_ZNKSt10_Sp_atomicISt10shared_ptrIiEE13_Atomic_count6unlockESt12memory_order(
; CHECK: %[[RELAXED:.*]] = icmp eq i32 %order, 0
; CHECK: %[[AT_LEAST:.*]] = select i1 %[[RELAXED]], i32 3, i32 %order
; CHECK: call void @subtract(ptr %this, i32 %[[AT_LEAST]])
; OFF-LABEL: define void @_ZNKSt10_Sp_atomicISt10shared_ptrIiEE13_Atomic_count6unlockESt12memory_order(
; OFF-NEXT: call void @subtract(ptr %this, i32 %order)
define void @_ZNKSt10_Sp_atomicISt10shared_ptrIiEE13_Atomic_count6unlockESt12memory_order(ptr %this, i32 %order) sanitize_thread {
  call void @subtract(ptr %this, i32 %order)
  ret void
}

; CHECK-LABEL: define void @_ZN3own4lock6unlockESt12memory_order(
; CHECK-NEXT: call void @subtract(ptr %this, i32 %order)
define void @_ZN3own4lock6unlockESt12memory_order(ptr %this, i32 %order) sanitize_thread {
  call void @subtract(ptr %this, i32 %order)
  ret void
}

; CHECK-LABEL: define void @_ZNKSt10_Sp_atomicISt10shared_ptrIiEE13_Atomic_count4lockESt12memory_order(
; CHECK-NEXT: call void @subtract(ptr %this, i32 %order)
define void @_ZNKSt10_Sp_atomicISt10shared_ptrIiEE13_Atomic_count4lockESt12memory_order(ptr %this, i32 %order) sanitize_thread {
  call void @subtract(ptr %this, i32 %order)
  ret void
}

declare void @subtract(ptr, i32)
