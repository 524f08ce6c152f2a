; Locals that nobody else can reach are not checked; constants are not either.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @take(ptr)
declare void @look(ptr nocapture)
@constant = constant i32 7
@variable = global i32 7

; CHECK-LABEL: define i32 @kept(
; CHECK-NOT: @__hindsight_{{read|write}}
; CHECK: ret i32
define i32 @kept() sanitize_thread {
  %local = alloca i32
  store i32 1, ptr %local, align 4
  call void @look(ptr %local)
  %v = load i32, ptr %local, align 4
  ret i32 %v
}

; CHECK-LABEL: define i32 @given_away(
; CHECK: @__hindsight_write4(
; CHECK: call void @take(
; CHECK: @__hindsight_read4(
; CHECK: ret i32
define i32 @given_away() sanitize_thread {
  %local = alloca i32
  store i32 1, ptr %local, align 4
  call void @take(ptr %local)
  %v = load i32, ptr %local, align 4
  ret i32 %v
}

; CHECK-LABEL: define void @stored(
; CHECK: @__hindsight_write8_leaf(
; CHECK: @__hindsight_write4_leaf(
; CHECK: ret void
define void @stored(ptr %where) sanitize_thread {
  %local = alloca i32
  store ptr %local, ptr %where, align 8
  store i32 1, ptr %local, align 4
  ret void
}

; CHECK-LABEL: define i32 @constants(
; CHECK-NOT: @__hindsight_read
; CHECK: ret i32
define i32 @constants() sanitize_thread {
  %v = load i32, ptr @constant, align 4
  ret i32 %v
}

; CHECK-LABEL: define i32 @variables(
; CHECK: @__hindsight_read4_leaf(
; CHECK: ret i32
define i32 @variables() sanitize_thread {
  %v = load i32, ptr @variable, align 4
  ret i32 %v
}

%large = type { [6 x i64] }
declare void @keep(ptr)

; The copy that a call makes of a struct is the callee's own ...
; CHECK-LABEL: define i64 @own_copy(
; CHECK-NOT: @__hindsight_
; CHECK: ret i64
define i64 @own_copy(ptr byval(%large) align 8 %copy) sanitize_thread {
  %second = getelementptr i8, ptr %copy, i64 8
  store i64 1, ptr %second, align 8
  %value = load i64, ptr %copy, align 8
  ret i64 %value
}

; ... until it tells somebody where it is.
; CHECK-LABEL: define i64 @told_copy(
; CHECK: @__hindsight_read8(
; CHECK: ret i64
define i64 @told_copy(ptr byval(%large) align 8 %copy) sanitize_thread {
  call void @keep(ptr %copy)
  %value = load i64, ptr %copy, align 8
  ret i64 %value
}

; A pointer to the caller's struct is not a copy.
; CHECK-LABEL: define i64 @no_copy(
; CHECK: @__hindsight_read8_leaf(
; CHECK: ret i64
define i64 @no_copy(ptr align 8 %struct) sanitize_thread {
  %value = load i64, ptr %struct, align 8
  ret i64 %value
}
