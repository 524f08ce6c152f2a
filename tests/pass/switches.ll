; Each switch brings back what its rule leaves out.
; VERSIONS: 14 19
; RUN: env HINDSIGHT_PASS=no-elide,no-later,no-merge %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=ALL3
; RUN: env HINDSIGHT_PASS=no-merge,no-later %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=ELIDE
; RUN: env HINDSIGHT_PASS=no-elide,no-merge %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=LATER
; RUN: env HINDSIGHT_PASS=no-elide,no-later %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=MERGE
; RUN: env HINDSIGHT_PASS=no-parts %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=PARTS
; RUN: env HINDSIGHT_PASS=no-inline %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=INLINE
; RUN: env HINDSIGHT_PASS=no-ranges,no-after-loops %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=RANGES
; RUN: env HINDSIGHT_PASS=no-ranges %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=BEHIND
; RUN: env HINDSIGHT_PASS=no-nests %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=NESTS
; RUN: env HINDSIGHT_PASS=no-escape %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=ESCAPE
; RUN: env HINDSIGHT_PASS=no-constants %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=CONSTANTS
; RUN: env HINDSIGHT_PASS=no-summaries %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=SUMMARIES
; RUN: env HINDSIGHT_PASS=no-library %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=LIBRARY
; RUN: env HINDSIGHT_PASS=no-small %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=SMALL
; RUN: env HINDSIGHT_PASS=no-leaf %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=LEAF
; RUN: env HINDSIGHT_PASS=no-masked %opt -passes=hindsight -S %s | %FileCheck %s --check-prefix=MASKED
; RUN: (env HINDSIGHT_PASS=no-such %opt -passes=hindsight -S %s || true) 2>&1 | %FileCheck %s --check-prefix=UNKNOWN
; Of no-after-loops and no-split: after_loops.ll, split_loops.ll; of the others: their own tests.

; UNKNOWN: HINDSIGHT_PASS: unknown word 'no-such'; known: no-elide, no-later,

declare i64 @strlen(ptr)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
declare <4 x i32> @llvm.masked.load.v4i32.p0(ptr, i32, <4 x i1>, <4 x i32>)
@constant = constant i32 7

; In one block: a check before and one behind cover the read, and merging would leave out one of two.
; ALL3-LABEL: define i32 @twice(
; ALL3: @__hindsight_read4_leaf(
; ALL3: @__hindsight_write4_leaf(
; ALL3: @__hindsight_read4_leaf(
; ALL3: ret i32
; ELIDE-LABEL: define i32 @twice(
; ELIDE: @__hindsight_read4_leaf(
; ELIDE: @__hindsight_write4_leaf(
; ELIDE-NOT: @__hindsight_read4_leaf(
; ELIDE: ret i32
; LATER-LABEL: define i32 @twice(
; LATER-NOT: @__hindsight_read4_leaf(
; LATER: @__hindsight_write4_leaf(
; LATER: @__hindsight_read4_leaf(
; LATER: ret i32
; MERGE-LABEL: define i32 @twice(
; MERGE-NOT: @__hindsight_read4_leaf(
; MERGE: @__hindsight_write4_leaf(
; MERGE-NOT: @__hindsight_read4_leaf(
; MERGE: ret i32
define i32 @twice(ptr %p) sanitize_thread {
  %a = load i32, ptr %p, align 4
  store i32 %a, ptr %p, align 4
  %b = load i32, ptr %p, align 4
  ret i32 %b
}

; INLINE-LABEL: define void @neighbours(
; INLINE-COUNT-2: call void @__hindsight_write_span_leaf(i64 %{{.*}}, i64 4, i64 %{{.*}})
; INLINE: ret void
; PARTS-LABEL: define void @neighbours(
; PARTS: call preserve_allcc void @__hindsight_write4_leaf(
; PARTS: call preserve_allcc void @__hindsight_write4_leaf(
; PARTS-NOT: _parts
; PARTS: ret void
define void @neighbours(ptr %p) sanitize_thread {
  %second = getelementptr i8, ptr %p, i64 4
  store i32 1, ptr %p, align 4
  store i32 2, ptr %second, align 4
  ret void
}

; RANGES-LABEL: define void @matrix(
; RANGES: columns:
; RANGES: @__hindsight_write4_leaf(
; RANGES: ret void
; BEHIND-LABEL: define void @matrix(
; BEHIND: columns:
; BEHIND: rows.end:
; BEHIND: ret void
; NESTS-LABEL: define void @matrix(
; NESTS: entry:
; NESTS-NOT: @__hindsight_write_span_leaf(
; NESTS: rows:
; NESTS: @__hindsight_write_span_leaf(
; NESTS: columns:
define void @matrix(ptr %p) sanitize_thread {
entry:
  br label %rows
rows:
  %r = phi i64 [ 0, %entry ], [ %r.next, %rows.end ]
  %row = getelementptr inbounds [100 x i32], ptr %p, i64 %r
  br label %columns
columns:
  %c = phi i64 [ 0, %rows ], [ %c.next, %columns ]
  %at = getelementptr inbounds i32, ptr %row, i64 %c
  store i32 7, ptr %at, align 4
  %c.next = add nuw nsw i64 %c, 1
  %c.more = icmp ne i64 %c.next, 100
  br i1 %c.more, label %columns, label %rows.end
rows.end:
  %r.next = add nuw nsw i64 %r, 1
  %r.more = icmp ne i64 %r.next, 100
  br i1 %r.more, label %rows, label %end
end:
  ret void
}

; ESCAPE-LABEL: define i32 @local(
; ESCAPE: @__hindsight_write4_leaf(
; ESCAPE: ret i32
define i32 @local() sanitize_thread {
  %local = alloca i32
  store i32 1, ptr %local, align 4
  %v = load i32, ptr %local, align 4
  ret i32 %v
}

; CONSTANTS-LABEL: define i32 @constants(
; CONSTANTS: @__hindsight_read4_leaf(
; CONSTANTS: ret i32
define i32 @constants() sanitize_thread {
  %v = load i32, ptr @constant, align 4
  ret i32 %v
}

define void @harmless() sanitize_thread {
  ret void
}

; SUMMARIES-LABEL: define void @call_harmless(
; SUMMARIES-COUNT-2: @__hindsight_write4(
; SUMMARIES: ret void
define void @call_harmless(ptr %p) sanitize_thread {
  store i32 1, ptr %p, align 4
  call void @harmless()
  store i32 2, ptr %p, align 4
  ret void
}

; LIBRARY-LABEL: define void @call_library(
; LIBRARY-COUNT-2: @__hindsight_write4(
; LIBRARY: ret void
; SUMMARIES-LABEL: define void @call_library(
; SUMMARIES: @__hindsight_write4(
; SUMMARIES-NOT: @__hindsight_write4(
; SUMMARIES: ret void
define void @call_library(ptr %p, ptr %text) sanitize_thread {
  store i32 1, ptr %p, align 4
  %length = call i64 @strlen(ptr %text)
  store i32 2, ptr %p, align 4
  ret void
}

; SMALL-LABEL: define void @fill(
; SMALL: call ptr @__hindsight_memset(ptr %p, i32 0, i64 16)
; SMALL: ret void
; LEAF-LABEL: define void @fill(
; LEAF: call ptr @llvm.returnaddress(i32 0)
; LEAF: @__hindsight_write16(
; LEAF: ret void
define void @fill(ptr %p) sanitize_thread {
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 16, i1 false)
  ret void
}

; MASKED-LABEL: define <4 x i32> @some_lanes(
; MASKED-NOT: @__hindsight_read_masked
; MASKED: ret <4 x i32>
define <4 x i32> @some_lanes(ptr %p, <4 x i1> %mask) sanitize_thread {
  %v = call <4 x i32> @llvm.masked.load.v4i32.p0(ptr %p, i32 4, <4 x i1> %mask, <4 x i32> undef)
  ret <4 x i32> %v
}
