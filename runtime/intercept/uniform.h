// uniform.h - interceptors of one shape: what is read, the real call, what was written.
//
// Most functions of the C library read their arguments, do their work and fill in results. Such an
// interceptor is one call of `intercepted`, with what it reads and what it writes as two lambdas.
// The real call runs outside the runtime: it may block, allocate, be cancelled, or call the program
// back.
//
// The helpers take null pointers: an argument that the caller has left out is not accessed.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "base/types.h"
#include "intercept/intercepted_call.h"

namespace hindsight {

inline void readsBytes(InterceptedCall& call, const void* from, size_t bytes) {
  if (from != nullptr && bytes != 0) call.reads(from, bytes);
}

inline void writesBytes(InterceptedCall& call, const void* to, size_t bytes) {
  if (to != nullptr && bytes != 0) call.writes(to, bytes);
}

template <class Object>
void readsObject(InterceptedCall& call, const Object* from) {
  if (from != nullptr) call.reads(from, sizeof *from);
}

template <class Object>
void writesObject(InterceptedCall& call, const Object* to) {
  if (to != nullptr) call.writes(to, sizeof *to);
}

/// Bytes of a string with its terminator. No interceptor is called for it.
template <class Character>
size_t textBytes(const Character* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return (length + 1) * sizeof(Character);
}

inline void readsText(InterceptedCall& call, const char* text) {
  if (mayLook(text)) call.reads(text, textBytes(text));
}

inline void writesText(InterceptedCall& call, const char* text) {
  if (mayLook(text)) call.writes(text, textBytes(text));
}

inline void readsWide(InterceptedCall& call, const wchar_t* text) {
  if (mayLook(text)) call.reads(text, textBytes(text));
}

inline void writesWide(InterceptedCall& call, const wchar_t* text) {
  if (mayLook(text)) call.writes(text, textBytes(text));
}

/// strptime and its kin: the text has been looked at up to `end`, or if that is null, its
/// beginning.
inline void parsedTime(InterceptedCall& call, const char* text, const char* end, const tm* fields) {
  readsBytes(call, text, end != nullptr ? static_cast<size_t>(end - text) : 1);
  if (end != nullptr) writesObject(call, fields);
}

/// A list of strings that ends with a null pointer: the pointers and the strings.
inline void readsTexts(InterceptedCall& call, char* const* list) {
  if (!mayLook(list)) return;
  size_t count = 0;
  for (; list[count] != nullptr; ++count) readsText(call, list[count]);
  call.reads(list, (count + 1) * sizeof *list);
}

inline void writesTexts(InterceptedCall& call, char* const* list) {
  if (!mayLook(list)) return;
  size_t count = 0;
  for (; list[count] != nullptr; ++count) writesText(call, list[count]);
  call.writes(list, (count + 1) * sizeof *list);
}

inline constexpr auto kReadsNothing = [](InterceptedCall&) {};

/// Runs the interceptor of a real function that returns what `real_call()` returns. `before(call)`
/// says what is read, `after(call, result)` what was written (`after(call)` if there is no result).
template <class RealCall, class Before, class After>
auto intercepted(uptr pc, RealCall real_call, Before before, After after) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  before(call);
  if constexpr (__is_same(decltype(real_call()), void)) {
    call.blocking(real_call);
    after(call);
  } else {
    auto result = call.blocking(real_call);
    after(call, result);
    return result;
  }
}

/// The same for a function that writes nothing of the program's.
template <class RealCall, class Before>
auto intercepted(uptr pc, RealCall real_call, Before before) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  before(call);
  return call.blocking(real_call);
}

/// A pure pass through, so that callbacks made by the real function show who called it.
template <class RealCall>
auto intercepted(uptr pc, RealCall real_call) {
  return intercepted(pc, real_call, kReadsNothing);
}

}  // namespace hindsight
