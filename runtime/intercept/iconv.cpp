// iconv.cpp - character set conversion: what was consumed is read, what was produced is written.
//
// A conversion has a state, which each call writes: its first byte stands for that.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <iconv.h>

using namespace hindsight;

HINDSIGHT_INTERCEPTOR iconv_t iconv_open(const char* tocode, const char* fromcode) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.iconv_open(tocode, fromcode); },
      [=](InterceptedCall& call) {
        readsText(call, tocode);
        readsText(call, fromcode);
      });
}

HINDSIGHT_INTERCEPTOR size_t iconv(iconv_t conversion, char** in, size_t* in_left, char** out,
                                   size_t* out_left) {
  const char* const source = in != nullptr ? *in : nullptr;
  const char* const target = out != nullptr ? *out : nullptr;
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.iconv(conversion, in, in_left, out, out_left); },
      [=](InterceptedCall& call) {
        if (source != nullptr) readsObject(call, in), readsObject(call, in_left);
        if (target != nullptr) readsObject(call, out), readsObject(call, out_left);
        if (mayLook(conversion)) call.writes(conversion, 1);
      },
      [=](InterceptedCall& call, size_t) {
        if (source != nullptr) {
          readsBytes(call, source, static_cast<size_t>(*in - source));
          writesObject(call, in), writesObject(call, in_left);
        }
        if (target != nullptr) {
          writesBytes(call, target, static_cast<size_t>(*out - target));
          writesObject(call, out), writesObject(call, out_left);
        }
      });
}
