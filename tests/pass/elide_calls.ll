; A call may release unless the callee is known not to: a function of this module without
; synchronisation, an intrinsic, a function of a library that computes or looks at memory.
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
define weak void @replaceable() sanitize_thread {
  ret void
}
define linkonce_odr void @inline_harmless() sanitize_thread {
  store i32 1, ptr @counter, align 4
  ret void
}
define linkonce_odr void @inline_releasing(ptr %flag) sanitize_thread {
  call void @releases(ptr %flag)
  ret void
}
define void @acquires(ptr %flag) sanitize_thread {
  %value = load atomic i32, ptr %flag acquire, align 4
  ret void
}
declare i64 @strlen(ptr)
declare ptr @_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base(ptr)
define i32 @memcmp(ptr %a, ptr %b, i64 %n) sanitize_thread {
  fence release
  ret i32 0
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

; Another file's version of it, with another meaning, may be linked.
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

; An inline function's meaning is the same in each file.
; CHECK-LABEL: define void @call_inline(
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: call void @inline_harmless()
; CHECK-NOT: @__hindsight_write4(
; CHECK: ret void
define void @call_inline(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @inline_harmless()
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @call_inline_releasing(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @call_inline_releasing(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @inline_releasing(ptr %flag)
  store i32 2, ptr %p, align 4
  ret void
}

; An acquire between them leaves the earlier check as good as it was ...
; CHECK-LABEL: define void @call_acquiring(
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: call void @acquires(
; CHECK-NOT: @__hindsight_write4(
; CHECK: ret void
define void @call_acquiring(ptr %p, ptr %flag) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @acquires(ptr %flag)
  store i32 2, ptr %p, align 4
  ret void
}

; ... but a later check does not stand for an earlier access.
; CHECK-LABEL: define void @acquiring_before(
; CHECK: call preserve_allcc void @__hindsight_read4(
; CHECK: call void @acquires(
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @acquiring_before(ptr %p, ptr %flag) sanitize_thread {
  %value = load i32, ptr %p, align 4
  call void @acquires(ptr %flag)
  store i32 %value, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @call_libraries(
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: call i64 @strlen(
; CHECK: call ptr @_ZSt18_Rb_tree_increment
; CHECK-NOT: @__hindsight_write4(
; CHECK: ret void
define void @call_libraries(ptr %p, ptr %text, ptr %node) sanitize_thread {
  store i32 1, ptr %p, align 4
  %length = call i64 @strlen(ptr %text)
  %next = call ptr @_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base(ptr %node)
  store i32 2, ptr %p, align 4
  ret void
}

; The program's own function of such a name is what its body says.
; CHECK-LABEL: define void @call_own_memcmp(
; CHECK-COUNT-2: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @call_own_memcmp(ptr %p, ptr %text) sanitize_thread {
  store i32 1, ptr %p, align 4
  %order = call i32 @memcmp(ptr %text, ptr %text, i64 1)
  store i32 2, ptr %p, align 4
  ret void
}
