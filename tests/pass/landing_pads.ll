; An exception arrives with the pointer somewhere further up, and with another epoch.
; VERSIONS: 14 19
; RUN: %opt -passes=hindsight -S %s | %FileCheck %s

declare void @unknown()
declare i32 @__gxx_personality_v0(...)

; CHECK-LABEL: define void @catches(
; CHECK: %[[OLD:.*]] = load i64, ptr getelementptr
; CHECK: %[[NEW:.*]] = add i64 %[[OLD]], 8
; CHECK: invoke void @unknown()
; CHECK: normal:
; CHECK: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: caught:
; CHECK: landingpad
; CHECK-NEXT: catch
; CHECK-NEXT: store i64 %[[NEW]], ptr getelementptr
; CHECK: load i64, ptr {{.*}}@__hindsight_tls{{(, i64 0, i64 0\))?, align}}
; CHECK: call preserve_allcc void @__hindsight_write4(
; CHECK: ret void
define void @catches(ptr %p) sanitize_thread personality ptr @__gxx_personality_v0 {
  store i32 0, ptr %p, align 4
  invoke void @unknown() to label %normal unwind label %caught
normal:
  store i32 1, ptr %p, align 4
  ret void
caught:
  %exception = landingpad { ptr, i32 } catch ptr null
  store i32 2, ptr %p, align 4
  ret void
}

; CHECK-LABEL: define void @cleans_up(
; CHECK: %[[OLD:.*]] = load i64, ptr getelementptr
; CHECK: landingpad
; CHECK: store i64 %[[OLD]], ptr getelementptr
; CHECK-NEXT: resume
define void @cleans_up() sanitize_thread personality ptr @__gxx_personality_v0 {
  invoke void @unknown() to label %normal unwind label %cleanup
normal:
  ret void
cleanup:
  %exception = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %exception
}

declare i32 @jump_buffer(ptr) returns_twice

; CHECK-LABEL: define i32 @returns_twice(
; CHECK: %[[OLD:.*]] = load i64, ptr getelementptr
; CHECK: %[[NEW:.*]] = add i64 %[[OLD]], 8
; CHECK: invoke i32 @jump_buffer(
; CHECK: normal:
; CHECK-NEXT: store i64 %[[NEW]], ptr getelementptr
; CHECK: call void @unknown()
define i32 @returns_twice(ptr %buffer) sanitize_thread personality ptr @__gxx_personality_v0 {
  %again = invoke i32 @jump_buffer(ptr %buffer) returns_twice to label %normal unwind label %cleanup
normal:
  call void @unknown()
  ret i32 %again
cleanup:
  %exception = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %exception
}
