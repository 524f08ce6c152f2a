; Counters of --coverage and -fprofile-instr-generate are not the program's data; what looks like them is.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

@__llvm_gcov_ctr = internal global [4 x i64] zeroinitializer
@__profc_f = private global [2 x i64] zeroinitializer
@__llvm_gcov_ctr.1 = internal global [2 x i64] zeroinitializer
@counters = global [4 x i64] zeroinitializer

; CHECK-LABEL: define void @count(
; CHECK-NOT: @__hindsight_{{read|write}}
; CHECK: ret void
define void @count() sanitize_thread {
  %gcov = load i64, ptr @__llvm_gcov_ctr, align 8
  %more = add i64 %gcov, 1
  store i64 %more, ptr @__llvm_gcov_ctr, align 8
  %profile = load i64, ptr @__profc_f, align 8
  %again = add i64 %profile, 1
  store i64 %again, ptr @__profc_f, align 8
  ret void
}

; Two branches' counters, of one function and of one that was inlined.
; CHECK-LABEL: define void @count_either(
; CHECK-NOT: @__hindsight_{{read|write}}
; CHECK: ret void
define void @count_either(i1 %which) sanitize_thread {
entry:
  br i1 %which, label %one, label %join
one:
  br label %join
join:
  %counter = phi ptr [ @__llvm_gcov_ctr.1, %one ], [ getelementptr inbounds ([4 x i64], ptr @__llvm_gcov_ctr, i64 0, i64 2), %entry ]
  %value = load i64, ptr %counter, align 8
  %more = add i64 %value, 1
  store i64 %more, ptr %counter, align 8
  ret void
}

; CHECK-LABEL: define void @either_is_data(
; CHECK: @__hindsight_write8
; CHECK: ret void
define void @either_is_data(i1 %which) sanitize_thread {
entry:
  br i1 %which, label %one, label %join
one:
  br label %join
join:
  %counter = phi ptr [ @counters, %one ], [ getelementptr inbounds ([4 x i64], ptr @__llvm_gcov_ctr, i64 0, i64 2), %entry ]
  %value = load i64, ptr %counter, align 8
  %more = add i64 %value, 1
  store i64 %more, ptr %counter, align 8
  ret void
}
