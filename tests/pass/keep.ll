; The current cell is loaded once, and again after what may release; an acquire leaves it as it is.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-keep %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

; CHECK-LABEL: define void @harmless(
; CHECK: load i64, ptr {{.*}}@__hindsight_tls
; CHECK: store i64 1
; CHECK-NOT: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: ret void
; OFF-LABEL: define void @harmless(
; OFF: store i64 1
; OFF: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; OFF: store i64 2
define void @harmless(ptr %p, ptr %q, i1 %c) sanitize_thread {
entry:
  store i64 1, ptr %p, align 8
  br i1 %c, label %then, label %end
then:
  store i64 2, ptr %q, align 8
  br label %end
end:
  ret void
}

; CHECK-LABEL: define void @release(
; CHECK: store i64 1
; CHECK: call void @__hindsight_atomic32_store(
; CHECK: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: store i64 2
define void @release(ptr %p, ptr %q, ptr %flag) sanitize_thread {
  store i64 1, ptr %p, align 8
  store atomic i32 1, ptr %flag release, align 4
  store i64 2, ptr %q, align 8
  ret void
}

; CHECK-LABEL: define i32 @acquire(
; CHECK: store i64 1
; CHECK: call i32 @__hindsight_atomic32_load(
; CHECK-NOT: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: store i64 2
define i32 @acquire(ptr %p, ptr %q, ptr %flag) sanitize_thread {
  store i64 1, ptr %p, align 8
  %seen = load atomic i32, ptr %flag acquire, align 4
  store i64 2, ptr %q, align 8
  ret i32 %seen
}
