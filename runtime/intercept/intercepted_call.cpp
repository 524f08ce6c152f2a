#include "intercept/intercepted_call.h"

#include <errno.h>

#include "entry/access.h"
#include "entry/long_range.h"
#include "entry/quick_few.h"
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

template <bool kWrites>
HINDSIGHT_NOINLINE void InterceptedCall::record(uptr address, size_t bytes) {
  if (isIgnored()) return;
  if (isFew(*thread_, address, bytes) &&
      HINDSIGHT_LIKELY(recordFew<kWrites>(*thread_, stack_, address, bytes, pc_)))
    return;
  checkLongRange(*thread_, address, bytes, kWrites, {pc_, stack_});
}

template <bool kWrites>
HINDSIGHT_ALWAYS_INLINE void InterceptedCall::accesses(uptr address, size_t bytes) {
  // Half of the short reads find what they would record: strings are searched, compared and copied
  // in turn.
  if (isFew(*thread_, address, bytes) &&
      FewWords(*thread_, address, bytes).areRecorded<kWrites>(*thread_))
    return;
  record<kWrites>(address, bytes);
}

void InterceptedCall::reads(const void* address, size_t bytes) {
  accesses<false>(reinterpret_cast<uptr>(address), bytes);
}

void InterceptedCall::writes(const void* address, size_t bytes) {
  accesses<true>(reinterpret_cast<uptr>(address), bytes);
}

void InterceptedCall::readsString(const char* text) {
  if (!mayLook(text)) return;
  size_t length = 0;
  while (text[length] != '\0') ++length;
  reads(text, length + 1);
}

}  // namespace hindsight
