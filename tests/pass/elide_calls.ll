; A call may release unless the callee is known not to: a function of this module without
; synchronisation, an intrinsic, a function of the mathematics library.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @unknown()
declare double @log(double)
declare i32 @log10(i32)
declare double @llvm.fabs.f64(double)
@counter = global i32 0

define void @harmless() sanitize_thread {
  store i32 1, ptr @counter, align 4
  ret void
}
define void @releases(ptr %flag) sanitize_thread {
  store atomic i32 1, ptr %flag release, align 4
  ret void
}
define linkonce_odr void @replaceable() sanitize_thread {
  ret void
}

; CHECK-LABEL: define void @call_unknown(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @call_unknown(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @unknown()
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @call_harmless(
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: call void @harmless()
; CHECK-NOT: @__hindsight_write4(
; CHECK: ret void
define void @call_harmless(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @harmless()
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @call_releasing(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @call_releasing(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @releases(ptr %flag)
  store i32 2, ptr %p, align 4
  ret void
}

; Another file's version of it may be linked.
; CHECK-LABEL: define void @call_replaceable(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @call_replaceable(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @replaceable()
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @call_pointer(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @call_pointer(ptr %p, ptr %f) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void %f()
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define double @call_mathematics(
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: call double @log(
; CHECK: call double @llvm.fabs.f64(
; CHECK-NOT: @__hindsight_write4(
; CHECK: ret double
define double @call_mathematics(ptr %p, double %x) sanitize_thread {
  store i32 1, ptr %p, align 4
  %y = call double @log(double %x)
  %z = call double @llvm.fabs.f64(double %y)
  store i32 2, ptr %p, align 4
  ret double %z
}

; The program's own function that happens to have such a name.
; CHECK-LABEL: define i32 @call_namesake(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret i32
define i32 @call_namesake(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  %y = call i32 @log10(i32 1)
  store i32 2, ptr %p, align 4
  ret i32 %y
}

; CHECK-LABEL: define void @inline_assembly(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4_leaf(
; CHECK: ret void
define void @inline_assembly(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void asm sideeffect "mfence", "~{memory}"()
  store i32 2, ptr %p, align 4
  ret void
}
