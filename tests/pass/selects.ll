; select(c, load a, load b) reads what is chosen; loads that are needed besides are checked each.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-selects %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=OFF

; CHECK-LABEL: define i32 @chosen(
; CHECK: %[[AT:.*]] = select i1 %c, ptr %p, ptr %q
; CHECK: ptrtoint ptr %[[AT]] to i64
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: @__hindsight_read4_leaf(
; CHECK: ret i32
; OFF-LABEL: define i32 @chosen(
; OFF-COUNT-2: @__hindsight_read4_leaf(
; OFF: ret i32
define i32 @chosen(i1 %c, ptr %p, ptr %q) sanitize_thread {
  %a = load i32, ptr %p, align 4
  %b = load i32, ptr %q, align 4
  %v = select i1 %c, i32 %a, i32 %b
  ret i32 %v
}

; CHECK-LABEL: define i32 @both_needed(
; CHECK-COUNT-2: @__hindsight_read4_leaf(
; CHECK: ret i32
define i32 @both_needed(i1 %c, ptr %p, ptr %q) sanitize_thread {
  %a = load i32, ptr %p, align 4
  %b = load i32, ptr %q, align 4
  %v = select i1 %c, i32 %a, i32 %b
  %w = add i32 %v, %a
  ret i32 %w
}

; CHECK-LABEL: define i32 @one_load(
; CHECK: @__hindsight_read4_leaf(
; CHECK: ret i32
define i32 @one_load(i1 %c, ptr %p) sanitize_thread {
  %a = load i32, ptr %p, align 4
  %v = select i1 %c, i32 %a, i32 7
  ret i32 %v
}
