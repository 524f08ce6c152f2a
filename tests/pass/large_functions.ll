; Where a function has so many checks that code generation would take long for the compares, they are calls: soon in
; what runs once, before main.
; VERSIONS: 14 19
; RUN: (for i in $(seq 501); do echo "@g$i = global i8 0"; done; \
; RUN:  cat %s; for i in $(seq 501); do echo "store i8 0, ptr @g$i"; done; echo 'store volatile i8 0, ptr @seen ret void }') \
; RUN:  | %opt -passes=hindsight -S | %FileCheck %s
; RUN: (for i in $(seq 501); do echo "@g$i = global i8 0"; done; \
; RUN:  cat %s; for i in $(seq 499); do echo "store i8 0, ptr @g$i"; done; echo 'store volatile i8 0, ptr @seen ret void }') \
; RUN:  | %opt -passes=hindsight -S | %FileCheck %s --check-prefix=FEW

; CHECK-COUNT-501: call void @__hindsight_write_span_leaf(i64 {{.*}}, i64 1, i64 %{{.*}})
; CHECK: call preserve_allcc void @__hindsight_volatile_write1_leaf(
; FEW-NOT: _span
; FEW-COUNT-499: call preserve_allcc void @__hindsight_write1_leaf(
; FEW: call preserve_allcc void @__hindsight_volatile_write1_leaf(
@seen = global i8 0
define void @initialise() sanitize_thread section ".text.startup" {
