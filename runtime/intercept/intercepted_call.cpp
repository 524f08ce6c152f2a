#include "intercept/intercepted_call.h"

#include <errno.h>

#include "entry/access.h"
#include "entry/long_range.h"
#include "threads/runtime_scope.h"

namespace hindsight {

HINDSIGHT_NOINLINE void InterceptedCall::end() {
  TlsBlock& tls = __hindsight_tls;
  tls.stack = stack_;
  leaveRuntime(tls);
  *tls.error = errno_;
}

void InterceptedCall::leave() {
  if (thread_ == nullptr) return;
  TlsBlock& tls = __hindsight_tls;
  // Callbacks made by the real function are called from here.
  *stack_ = pc_;
  tls.stack = stack_ + 1;
  leaveRuntime(tls);
  errno = errno_;
}

void InterceptedCall::enter() {
  if (thread_ == nullptr) return;
  errno_ = errno;
  TlsBlock& tls = __hindsight_tls;
  tls.stack = stack_;
  enterRuntime(tls);
}

void InterceptedCall::keepErrno() { errno_ = errno; }

void InterceptedCall::reads(const void* address, size_t bytes) {
  if (isIgnored()) return;
  checkLongRange(*thread_, reinterpret_cast<uptr>(address), bytes, false, {pc_, stack_});
}

void InterceptedCall::writes(const void* address, size_t bytes) {
  if (isIgnored()) return;
  checkLongRange(*thread_, reinterpret_cast<uptr>(address), bytes, true, {pc_, stack_});
}

void InterceptedCall::readsString(const char* text) {
  if (!mayLook(text)) return;
  size_t length = 0;
  while (text[length] != '\0') ++length;
  reads(text, length + 1);
}

}  // namespace hindsight
