; Of two places between which the program chooses, the optimiser reads the chosen one only.
; VERSIONS: 14 19
; RUN: %opt -passes='function(instcombine,sroa)' -S %s | %FileCheck %s
; RUN: env HINDSIGHT_PASS=no-choices %opt -passes='function(instcombine,sroa)' -S %s | %FileCheck %s --check-prefix=OFF
; RUN: %opt -passes=sroa -S %s | %FileCheck %s --check-prefix=SROA
; RUN: env HINDSIGHT_PASS=no-choices %opt -passes=sroa -S %s | %FileCheck %s --check-prefix=SROA-OFF

@g = global i32 0
@h = global i32 0
@pair = global [2 x i32] zeroinitializer
@eight = global [8 x i32] zeroinitializer
@other = global [2 x i32] zeroinitializer

; CHECK-LABEL: define i32 @globals(
; CHECK: %[[AT:.*]] = select i1 %c, ptr @g, ptr @h
; CHECK-NEXT: load i32, ptr %[[AT]]
; CHECK-NOT: load
; CHECK: ret i32
; OFF-LABEL: define i32 @globals(
; OFF: load i32, ptr @g
; OFF: load i32, ptr @h
; OFF: ret i32
define i32 @globals(i1 %c) sanitize_thread {
  %at = select i1 %c, ptr @g, ptr @h
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; A part of each.
; CHECK-LABEL: define i32 @parts(
; CHECK-NOT: select i1 %c, i32
; CHECK: load i32
; CHECK-NOT: load
; CHECK: ret i32
define i32 @parts(i1 %c) sanitize_thread {
  %at = select i1 %c, ptr @pair, ptr @other
  %second = getelementptr inbounds i8, ptr %at, i64 4
  %v = load i32, ptr %second, align 4
  ret i32 %v
}

; What a reference is bound to is known to be there.
; CHECK-LABEL: define i32 @references(
; CHECK: %[[AT:.*]] = select i1 %c, ptr %a, ptr %b
; CHECK-NEXT: load i32, ptr %[[AT]]
; CHECK: ret i32
define i32 @references(i1 %c, ptr dereferenceable(4) align 4 %a, ptr dereferenceable(4) align 4 %b) sanitize_thread {
  %at = select i1 %c, ptr %a, ptr %b
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; A small copy becomes a load and a store.
; CHECK-LABEL: define void @copied(
; CHECK-NOT: load {{.*}}@pair
; CHECK-NOT: volatile
; CHECK: ret void
; OFF-LABEL: define void @copied(
; OFF: load i64, ptr @pair
; OFF: load i64, ptr @other
; OFF: ret void
define void @copied(i1 %c, ptr %to) sanitize_thread {
  %at = select i1 %c, ptr @pair, ptr @other
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %at, i64 8, i1 false)
  ret void
}

; SROA, which takes `local` apart.
; CHECK-LABEL: define i32 @local_or_global(
; CHECK: %[[AT:.*]] = select i1 %c, ptr %local, ptr @g
; CHECK-NEXT: load i32, ptr %[[AT]]
; CHECK: ret i32
; OFF-LABEL: define i32 @local_or_global(
; OFF: load i32, ptr @g
; OFF-NEXT: select i1 %c, i32 %x, i32
; OFF: ret i32
define i32 @local_or_global(i1 %c, i32 %x) sanitize_thread {
  %local = alloca i32, align 4
  store i32 %x, ptr %local, align 4
  %at = select i1 %c, ptr %local, ptr @g
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; The address goes by a local of its own, which SROA takes apart first.
; CHECK-LABEL: define i32 @kept_address(
; CHECK: %[[AT:.*]] = phi ptr
; CHECK-NEXT: load i32, ptr %[[AT]]
; CHECK: ret i32
; OFF-LABEL: define i32 @kept_address(
; OFF: load i32, ptr @g
; OFF: br i1 %c
define i32 @kept_address(i1 %c, i32 %x) sanitize_thread {
  %local = alloca i32, align 4
  %reference = alloca ptr, align 8
  store i32 %x, ptr %local, align 4
  store ptr @g, ptr %reference, align 8
  br i1 %c, label %then, label %end
then:
  store ptr %local, ptr %reference, align 8
  br label %end
end:
  %at = load ptr, ptr %reference, align 8
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; Nobody else knows either: as ever.
; CHECK-LABEL: define i32 @locals(
; CHECK-NOT: alloca
; CHECK: %[[V:.*]] = select i1 %c, i32 %x, i32 7
; CHECK: ret i32 %[[V]]
define i32 @locals(i1 %c, i32 %x) sanitize_thread {
  %a = alloca i32, align 4
  %b = alloca i32, align 4
  store i32 %x, ptr %a, align 4
  store i32 7, ptr %b, align 4
  %at = select i1 %c, ptr %a, ptr %b
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; One origin, whatever the way to it: what was stored is what is loaded.
; CHECK-LABEL: define i32 @one_origin(
; CHECK: ret i32 %x
define i32 @one_origin(i1 %c, i32 %x) sanitize_thread {
  store i32 %x, ptr @g, align 4
  %at = select i1 %c, ptr @g, ptr @g
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; The program's own stay volatile.
; CHECK-LABEL: define i32 @volatile(
; CHECK: load volatile i32, ptr @h
; CHECK: load i32, ptr %
; CHECK: store volatile i32 1, ptr @h
; CHECK: ret i32
define i32 @volatile(i1 %c) sanitize_thread {
  %own = load volatile i32, ptr @h, align 4
  %at = select i1 %c, ptr @g, ptr @h
  %v = load i32, ptr %at, align 4
  store volatile i32 1, ptr @h, align 4
  %sum = add i32 %own, %v
  ret i32 %sum
}

; Code that is not checked is optimised as ever.
; CHECK-LABEL: define i32 @unchecked(
; CHECK: load i32, ptr @g
; CHECK: load i32, ptr @h
; CHECK: ret i32
define i32 @unchecked(i1 %c) {
  %at = select i1 %c, ptr @g, ptr @h
  %v = load i32, ptr %at, align 4
  ret i32 %v
}

; All lanes are there; the program reads some.
; CHECK-LABEL: define <8 x i32> @lanes(
; CHECK: call <8 x i32> @llvm.masked.load.{{.*}}@eight
; CHECK-NOT: asm
; CHECK: ret <8 x i32>
; OFF-LABEL: define <8 x i32> @lanes(
; OFF: load <8 x i32>, ptr @eight
; OFF: ret <8 x i32>
define <8 x i32> @lanes(<8 x i1> %mask) sanitize_thread {
  %v = call <8 x i32> @llvm.masked.load.v8i32.p0(ptr @eight, i32 4, <8 x i1> %mask, <8 x i32> zeroinitializer)
  ret <8 x i32> %v
}

; CHECK-LABEL: define <8 x i32> @all_lanes(
; CHECK: load <8 x i32>, ptr @eight
; CHECK: ret <8 x i32>
define <8 x i32> @all_lanes() sanitize_thread {
  %v = call <8 x i32> @llvm.masked.load.v8i32.p0(ptr @eight, i32 4, <8 x i1> <i1 1, i1 1, i1 1, i1 1, i1 1, i1 1, i1 1, i1 1>, <8 x i32> zeroinitializer)
  ret <8 x i32> %v
}

declare <8 x i32> @llvm.masked.load.v8i32.p0(ptr, i32, <8 x i1>, <8 x i32>)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

; The program's own volatile accesses stay so, those too that SROA writes anew.
; CHECK-LABEL: define i32 @own_volatile(
; CHECK: store volatile i32 %v
; CHECK: load volatile i32
; CHECK: %[[AT:.*]] = select i1 %c, ptr @g, ptr @h
; CHECK-NEXT: load i32, ptr %[[AT]]
; CHECK-NOT: hindsight.choice
; CHECK: ret i32
define i32 @own_volatile(i1 %c, i32 %v) sanitize_thread {
  %s = alloca { i32, i64 }
  %field = getelementptr { i32, i64 }, ptr %s, i32 0, i32 0
  %other = getelementptr { i32, i64 }, ptr %s, i32 0, i32 1
  store volatile i32 %v, ptr %field
  store i64 3, ptr %other
  %first = load volatile i32, ptr %field
  %p = select i1 %c, ptr @g, ptr @h
  %chosen = load i32, ptr %p
  %sum = add i32 %first, %chosen
  ret i32 %sum
}

; Of a copy become a load and a store, of which the program's own volatile accesses are told.
; CHECK-LABEL: define i32 @copied_beside_volatile(
; CHECK: load volatile i32, ptr @h
; CHECK-NEXT: %[[AT:.*]] = select i1 %c, ptr @pair, ptr @other
; CHECK-NEXT: load i64, ptr %[[AT]]
; CHECK-NEXT: store i64 %
; CHECK-NEXT: store volatile i32 1, ptr @h
; CHECK-NEXT: ret i32
; OFF-LABEL: define i32 @copied_beside_volatile(
; OFF: load i64, ptr @pair
; OFF: load i64, ptr @other
; OFF: ret i32
define i32 @copied_beside_volatile(i1 %c, ptr %to) sanitize_thread {
  %own = load volatile i32, ptr @h, align 4
  %at = select i1 %c, ptr @pair, ptr @other
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %at, i64 8, i1 false)
  store volatile i32 1, ptr @h, align 4
  ret i32 %own
}

; SROA takes the copy apart first, and then what is chosen from.
; CHECK-LABEL: define i32 @copied_to_local(
; CHECK: %[[AT:.*]] = select i1 %c, ptr %local, ptr @pair
; CHECK-NOT: load {{.*}}@pair
; CHECK-NOT: volatile
; CHECK: ret i32
; SROA-LABEL: define i32 @copied_to_local(
; SROA: %[[AT:.*]] = select i1 %c, ptr %local, ptr @pair
; SROA-NOT: load {{.*}}@pair
; SROA: ret i32
; SROA-OFF-LABEL: define i32 @copied_to_local(
; SROA-OFF: load {{.*}}@pair
; SROA-OFF: ret i32
define i32 @copied_to_local(i1 %c, i32 %x, i32 %y) sanitize_thread {
  %local = alloca { i32, i32 }, align 4
  %copy = alloca { i32, i32 }, align 4
  %second = getelementptr inbounds i8, ptr %local, i64 4
  store i32 %x, ptr %local, align 4
  store i32 %y, ptr %second, align 4
  %at = select i1 %c, ptr %local, ptr @pair
  call void @llvm.memcpy.p0.p0.i64(ptr %copy, ptr %at, i64 8, i1 false)
  %a = load i32, ptr %copy, align 4
  %again = getelementptr inbounds i8, ptr %copy, i64 4
  %b = load i32, ptr %again, align 4
  %sum = add i32 %a, %b
  ret i32 %sum
}

; The program's own copy that is volatile stays one.
; CHECK-LABEL: define void @volatile_copy(
; CHECK: %[[AT:.*]] = select i1 %c, ptr @pair, ptr @other
; CHECK-NEXT: call void @llvm.memcpy.p0.p0.i64({{.*}}, ptr {{.*}}%[[AT]], i64 8, i1 true)
; CHECK-NEXT: load i64, ptr %[[AT]]
; CHECK-NEXT: store i64
; CHECK-NEXT: ret void
define void @volatile_copy(i1 %c, ptr %to) sanitize_thread {
  %at = select i1 %c, ptr @pair, ptr @other
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %at, i64 8, i1 true)
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr %at, i64 8, i1 false)
  ret void
}

; One origin: what was stored is what is copied.
; CHECK-LABEL: define void @copied_one_origin(
; CHECK: store i64 %x, ptr %to
; CHECK: ret void
define void @copied_one_origin(i64 %x, ptr noalias %to) sanitize_thread {
  store i64 %x, ptr @pair, align 8
  call void @llvm.memcpy.p0.p0.i64(ptr %to, ptr @pair, i64 8, i1 false)
  ret void
}

; Two places in one object.
; CHECK-LABEL: define i32 @elements(
; CHECK: %[[AT:.*]] = select i1 %c, ptr {{.*}}@eight, {{.*}}ptr {{.*}}@eight
; CHECK-NEXT: load float, ptr %[[AT]]
; CHECK-NOT: load
; CHECK: ret i32
; OFF-LABEL: define i32 @elements(
; OFF: load float, ptr {{.*}}@eight
; OFF: load float, ptr {{.*}}@eight
; OFF: ret i32
define i32 @elements(i1 %c) sanitize_thread {
  %at = select i1 %c, ptr getelementptr inbounds ([8 x i32], ptr @eight, i64 0, i64 5), ptr getelementptr inbounds ([8 x i32], ptr @eight, i64 0, i64 1)
  %v = load float, ptr %at, align 4
  %number = fptosi float %v to i32
  ret i32 %number
}

; One place that moves on: what was stored is what is loaded.
; CHECK-LABEL: define void @walk(
; CHECK: store i32 %x, ptr %at
; CHECK-NOT: load
; CHECK: ret void
define void @walk(i32 %x, ptr %end, ptr %to) sanitize_thread {
entry:
  br label %loop
loop:
  %at = phi ptr [ @eight, %entry ], [ %next, %loop ]
  store i32 %x, ptr %at, align 4
  %v = load i32, ptr %at, align 4
  store i32 %v, ptr %to, align 4
  %next = getelementptr inbounds i32, ptr %at, i64 1
  %more = icmp ne ptr %next, %end
  br i1 %more, label %loop, label %out
out:
  ret void
}
