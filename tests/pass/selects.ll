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

; The select has gone on behind a release: the access is where the loads are.
; CHECK-LABEL: define i32 @chosen_later(
; CHECK: %[[AT:.*]] = select i1 %c, ptr %p, ptr %q
; CHECK: ptrtoint ptr %[[AT]] to i64
; CHECK: @__hindsight_read4(
; CHECK: %b = load i32, ptr %q
; CHECK: call void @__hindsight_atomic32_store(
; CHECK-NOT: @__hindsight_read4(
; CHECK: ret i32
define i32 @chosen_later(i1 %c, ptr %p, ptr %q, ptr %flag) sanitize_thread {
  %a = load i32, ptr %p, align 4
  %b = load i32, ptr %q, align 4
  store atomic i32 1, ptr %flag release, align 4
  %v = select i1 %c, i32 %a, i32 %b
  ret i32 %v
}

; So has the condition: it is computed once more.
; CHECK-LABEL: define i32 @decided_later(
; CHECK: %[[C:.*]] = icmp eq i32 %x, 1
; CHECK: %[[AT:.*]] = select i1 %[[C]], ptr %p, ptr %q
; CHECK: ptrtoint ptr %[[AT]] to i64
; CHECK: @__hindsight_read4(
; CHECK: call void @__hindsight_atomic32_store(
; CHECK-NOT: @__hindsight_read4(
; CHECK: ret i32
define i32 @decided_later(i32 %x, ptr %p, ptr %q, ptr %flag) sanitize_thread {
  %a = load i32, ptr %p, align 4
  %b = load i32, ptr %q, align 4
  store atomic i32 1, ptr %flag release, align 4
  %c = icmp eq i32 %x, 1
  %v = select i1 %c, i32 %a, i32 %b
  ret i32 %v
}

; Nobody can know it before the release, or a release lies between the loads: the program reads both.
; CHECK-LABEL: define i32 @known_later(
; CHECK-COUNT-2: @__hindsight_read4(
; CHECK: call i32 @__hindsight_atomic32_exchange(
; CHECK-NOT: @__hindsight_read4(
; CHECK: ret i32
define i32 @known_later(ptr %p, ptr %q, ptr %flag) sanitize_thread {
  %a = load i32, ptr %p, align 4
  %b = load i32, ptr %q, align 4
  %x = atomicrmw xchg ptr %flag, i32 1 release
  %c = icmp eq i32 %x, 1
  %v = select i1 %c, i32 %a, i32 %b
  ret i32 %v
}

; CHECK-LABEL: define i32 @apart(
; CHECK: @__hindsight_read4(
; CHECK: call void @__hindsight_atomic32_store(
; CHECK: @__hindsight_read4(
; CHECK: ret i32
define i32 @apart(i1 %c, ptr %p, ptr %q, ptr %flag) sanitize_thread {
  %a = load i32, ptr %p, align 4
  store atomic i32 1, ptr %flag release, align 4
  %b = load i32, ptr %q, align 4
  %v = select i1 %c, i32 %a, i32 %b
  ret i32 %v
}

; The loads exist twice, for two ways to the select: so does the choice.
; CHECK-LABEL: define i32 @doubled(
; CHECK: one:
; CHECK: select i1 %c, ptr %p, ptr %q
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: @__hindsight_read4_leaf(
; CHECK: other:
; CHECK: select i1 %c, ptr %p, ptr %q
; CHECK: @__hindsight_read4_leaf(
; CHECK-NOT: @__hindsight_read4_leaf(
; CHECK: ret i32
define i32 @doubled(i1 %c, i1 %d, ptr %p, ptr %q) sanitize_thread {
  br i1 %d, label %one, label %other
one:
  %a1 = load i32, ptr %p, align 4
  %b1 = load i32, ptr %q, align 4
  br label %end
other:
  %a2 = load i32, ptr %p, align 4
  %b2 = load i32, ptr %q, align 4
  br label %end
end:
  %a = phi i32 [ %a1, %one ], [ %a2, %other ]
  %b = phi i32 [ %b1, %one ], [ %b2, %other ]
  %v = select i1 %c, i32 %a, i32 %b
  ret i32 %v
}
