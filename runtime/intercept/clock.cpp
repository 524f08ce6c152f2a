// clock.cpp - the functions that store a time, broken down or not, or turn it into text.
//
// localtime, gmtime, ctime and asctime return the C library's own buffer: POSIX lets every call
// overwrite it, so two calls in unordered threads race on it.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

/// A call that reads `*from` and fills what it returns.
template <class From, class RealCall>
auto convert(uptr pc, const From* from, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  call.reads(from, sizeof *from);
  auto* result = call.blocking(real_call);
  if (result != nullptr) call.writes(result, sizeof *result);
  return result;
}

template <class From, class RealCall>
char* convertToText(uptr pc, const From* from, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  call.reads(from, sizeof *from);
  char* text = call.blocking(real_call);
  if (text != nullptr) call.writes(text, real.strlen(text) + 1);
  return text;
}

/// mktime and timegm also put the fields of `*fields` in order.
template <class RealCall>
time_t normalise(uptr pc, tm* fields, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  call.reads(fields, sizeof *fields);
  const time_t result = call.blocking(real_call);
  call.writes(fields, sizeof *fields);
  return result;
}

}  // namespace

HINDSIGHT_INTERCEPTOR time_t time(time_t* out) noexcept {
  const time_t now = real.time(nullptr);
  if (out == nullptr) return now;
  {
    InterceptedCall call(HINDSIGHT_CALLER_PC);
    if (!call.bypass()) call.writes(out, sizeof *out);
  }
  return *out = now;
}

HINDSIGHT_INTERCEPTOR int gettimeofday(timeval* now, void* zone) noexcept {
  const int error = real.gettimeofday(now, zone);
  if (error != 0) return error;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) call.writes(now, sizeof *now);
  return error;
}
HINDSIGHT_ALIAS(__gettimeofday, gettimeofday);

HINDSIGHT_INTERCEPTOR int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const int error = real.clock_gettime(clock, now);
  if (error != 0) return error;
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (!call.bypass()) call.writes(now, sizeof *now);
  return error;
}

HINDSIGHT_INTERCEPTOR tm* localtime_r(const time_t* when, tm* out) noexcept {
  return convert(HINDSIGHT_CALLER_PC, when, [=] { return real.localtime_r(when, out); });
}

HINDSIGHT_INTERCEPTOR tm* gmtime_r(const time_t* when, tm* out) noexcept {
  return convert(HINDSIGHT_CALLER_PC, when, [=] { return real.gmtime_r(when, out); });
}
HINDSIGHT_ALIAS(__gmtime_r, gmtime_r);

HINDSIGHT_INTERCEPTOR tm* localtime(const time_t* when) noexcept {
  return convert(HINDSIGHT_CALLER_PC, when, [=] { return real.localtime(when); });
}

HINDSIGHT_INTERCEPTOR tm* gmtime(const time_t* when) noexcept {
  return convert(HINDSIGHT_CALLER_PC, when, [=] { return real.gmtime(when); });
}

HINDSIGHT_INTERCEPTOR char* ctime_r(const time_t* when, char* out) noexcept {
  return convertToText(HINDSIGHT_CALLER_PC, when, [=] { return real.ctime_r(when, out); });
}

HINDSIGHT_INTERCEPTOR char* ctime(const time_t* when) noexcept {
  return convertToText(HINDSIGHT_CALLER_PC, when, [=] { return real.ctime(when); });
}

HINDSIGHT_INTERCEPTOR char* asctime_r(const tm* fields, char* out) noexcept {
  return convertToText(HINDSIGHT_CALLER_PC, fields, [=] { return real.asctime_r(fields, out); });
}

HINDSIGHT_INTERCEPTOR char* asctime(const tm* fields) noexcept {
  return convertToText(HINDSIGHT_CALLER_PC, fields, [=] { return real.asctime(fields); });
}

HINDSIGHT_INTERCEPTOR time_t mktime(tm* fields) noexcept {
  return normalise(HINDSIGHT_CALLER_PC, fields, [=] { return real.mktime(fields); });
}
HINDSIGHT_ALIAS(timelocal, mktime);

HINDSIGHT_INTERCEPTOR time_t timegm(tm* fields) noexcept {
  return normalise(HINDSIGHT_CALLER_PC, fields, [=] { return real.timegm(fields); });
}

HINDSIGHT_INTERCEPTOR size_t strftime(char* out, size_t room, const char* format,
                                      const tm* fields) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.strftime(out, room, format, fields);
  call.readsString(format);
  call.reads(fields, sizeof *fields);
  const size_t length = call.blocking([=] { return real.strftime(out, room, format, fields); });
  if (length != 0) call.writes(out, length + 1);
  return length;
}

HINDSIGHT_INTERCEPTOR char* strptime(const char* text, const char* format, tm* fields) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.strptime(text, format, fields);
  call.readsString(format);
  char* end = call.blocking([=] { return real.strptime(text, format, fields); });
  parsedTime(call, text, end, fields);
  return end;
}
