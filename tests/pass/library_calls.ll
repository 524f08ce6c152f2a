; Functions of the C library that stop early stay calls, which the runtime checks byte by byte.
; VERSIONS: 14 19
; RUN: %opt -passes=instcombine -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-conditions %opt -passes=instcombine -S %s | %FileCheck %s --check-prefix=OFF
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=CODE

target datalayout = "e-i64:64-n8:16:32:64-S128"

@buffer = global [16 x i8] zeroinitializer, align 8
@hi = constant [3 x i8] c"hi\00"
@abc = constant [4 x i8] c"abc\00"
@eight = constant [8 x i8] c"abcdefgh", align 8
@empty = constant [1 x i8] zeroinitializer

; CHECK-LABEL: define i1 @text(
; CHECK-NOT: nobuiltin
; CHECK: call i32 @strcmp(
; CHECK-NOT: #
; CHECK: ret i1
; OFF-LABEL: define i1 @text(
; OFF: load i32, ptr @buffer
; OFF: ret i1
; CODE-LABEL: define i1 @text(
; CODE: call i32 @strcmp({{.*}}) #[[STAYS:[0-9]+]]
define i1 @text() sanitize_thread {
  %d = call i32 @strcmp(ptr @buffer, ptr @abc)
  %same = icmp eq i32 %d, 0
  ret i1 %same
}

; CHECK-LABEL: define i1 @beginning(
; CHECK: call i32 @strncmp(
; CHECK: ret i1
; OFF-LABEL: define i1 @beginning(
; OFF: load i16, ptr @buffer
; OFF: ret i1
define i1 @beginning() sanitize_thread {
  %d = call i32 @strncmp(ptr @buffer, ptr @abc, i64 2)
  %same = icmp eq i32 %d, 0
  ret i1 %same
}

; CHECK-LABEL: define i1 @beginning_found(
; CHECK: call ptr @strstr(
; CHECK: ret i1
; OFF-LABEL: define i1 @beginning_found(
; OFF-NOT: call
; OFF: ret i1
define i1 @beginning_found() sanitize_thread {
  %at = call ptr @strstr(ptr @buffer, ptr @hi)
  %same = icmp eq ptr %at, @buffer
  ret i1 %same
}

; CHECK-LABEL: define i1 @bytes(
; CHECK: call i32 @{{bcmp|memcmp}}(
; CHECK: ret i1
; OFF-LABEL: define i1 @bytes(
; OFF: load i64, ptr @buffer
; OFF: ret i1
; CODE-LABEL: define i1 @bytes(
; CODE: call i32 @memcmp({{.*}}) #[[STAYS]]
define i1 @bytes() sanitize_thread {
  %d = call i32 @memcmp(ptr @buffer, ptr @eight, i64 8)
  %same = icmp eq i32 %d, 0
  ret i1 %same
}

; One byte is one byte; constants are known; what is not checked is nobody's concern.
; CHECK-LABEL: define i1 @one_byte(
; CHECK: load i8, ptr @buffer
; CHECK: ret i1
define i1 @one_byte() sanitize_thread {
  %d = call i32 @strcmp(ptr @buffer, ptr @empty)
  %same = icmp eq i32 %d, 0
  ret i1 %same
}

; CHECK-LABEL: define i32 @constants(
; CHECK-NOT: call
; CHECK: ret i32 -1
define i32 @constants() sanitize_thread {
  %d = call i32 @strcmp(ptr @abc, ptr @hi)
  ret i32 %d
}

; CHECK-LABEL: define i1 @unchecked(
; CHECK: load i32, ptr @buffer
; CHECK: ret i1
; CODE-LABEL: define i1 @unchecked(
; CODE: call i32 @strcmp({{.*}}){{$}}
define i1 @unchecked() {
  %d = call i32 @strcmp(ptr @buffer, ptr @abc)
  %same = icmp eq i32 %d, 0
  ret i1 %same
}

; The program's own function of another meaning is none of the library's.
; CODE-LABEL: define i32 @other_kind(
; CODE: call i32 @memchr({{.*}}){{$}}
; CODE: attributes #[[STAYS]] = {{.*}}nobuiltin
define i32 @other_kind(i32 %x) sanitize_thread {
  %v = call i32 @memchr(i32 %x)
  ret i32 %v
}

declare i32 @strcmp(ptr, ptr)
declare i32 @strncmp(ptr, ptr, i64)
declare ptr @strstr(ptr, ptr)
declare i32 @memcmp(ptr, ptr, i64)
declare i32 @memchr(i32)
