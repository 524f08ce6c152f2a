; Callers do not read for a function what it would read under a condition only.
; VERSIONS: 19
; (The pass of LLVM 14 knows typed pointers only, and the tests have none.)
; RUN: %opt -passes=argpromotion -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-conditions %opt -passes=argpromotion -S %s | %FileCheck %s --check-prefix=OFF
; RUN: sed -e 's/ sanitize_thread//' %s | %opt -passes=argpromotion -S - | %FileCheck %s --check-prefix=OFF

@g = global i32 0

; CHECK-LABEL: define internal i32 @sometimes(i1 %c, ptr
; OFF-LABEL: define internal i32 @sometimes(i1 %c, i32
define internal i32 @sometimes(i1 %c, ptr %p) sanitize_thread {
  br i1 %c, label %read, label %end
read:
  %v = load i32, ptr %p, align 4
  br label %end
end:
  %r = phi i32 [ 0, %0 ], [ %v, %read ]
  ret i32 %r
}

; CHECK-LABEL: define i32 @calls(
; CHECK-NOT: load
; CHECK: ret i32
; OFF-LABEL: define i32 @calls(
; OFF: load i32, ptr @g
; OFF: ret i32
define i32 @calls(i1 %c) sanitize_thread {
  %r = call i32 @sometimes(i1 %c, ptr @g)
  ret i32 %r
}
