// messages.cpp - err, warn, error, syslog and argp_error: formatted messages about errors.
//
// Their strings and formats are read like printf's.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/argument_list.h"
#include "intercept/real_calls.h"

#include "intercept/format.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

template <class RealCall>
void message(uptr pc, const char* format, va_list arguments, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  if (format != nullptr) {
    va_list copy;
    va_copy(copy, arguments);
    checkPrintf(call, format, copy);
    va_end(copy);
  }
  call.blocking(real_call);
}

/// glibc has no form of error() that takes a list: the text is made here and passed on whole.
template <class RealCall>
void formatted(uptr pc, const char* format, va_list arguments, RealCall real_call) {
  if (format == nullptr) return message(pc, format, arguments, [&] { real_call(format); });
  const int saved_errno = errno;
  constexpr size_t kOnStack = 1024;
  char on_stack[kOnStack];
  va_list copy;
  va_copy(copy, arguments);
  const int length = real.vsnprintf(on_stack, kOnStack, format, copy);
  va_end(copy);
  char* text = on_stack;
  if (length >= static_cast<int>(kOnStack)) {
    char* const block = static_cast<char*>(real.malloc(static_cast<size_t>(length) + 1));
    if (block != nullptr) {
      va_copy(copy, arguments);
      real.vsnprintf(block, static_cast<size_t>(length) + 1, format, copy);
      va_end(copy);
      text = block;
    }
  }
  errno = saved_errno;
  message(pc, format, arguments, [&] { real_call(text); });
  if (text != on_stack) real.free(text);
}

}  // namespace

// warn and err. Those that end the program leave the runtime first, like every call that blocks.

HINDSIGHT_INTERCEPTOR void vwarn(const char* format, va_list arguments) {
  message(HINDSIGHT_CALLER_PC, format, arguments, [&] { real.vwarn(format, arguments); });
}

HINDSIGHT_INTERCEPTOR void vwarnx(const char* format, va_list arguments) {
  message(HINDSIGHT_CALLER_PC, format, arguments, [&] { real.vwarnx(format, arguments); });
}

HINDSIGHT_INTERCEPTOR void warn(const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  message(HINDSIGHT_CALLER_PC, format, list, [&] { real.vwarn(format, list); });
}

HINDSIGHT_INTERCEPTOR void warnx(const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  message(HINDSIGHT_CALLER_PC, format, list, [&] { real.vwarnx(format, list); });
}

HINDSIGHT_INTERCEPTOR void verr(int status, const char* format, va_list arguments) {
  message(HINDSIGHT_CALLER_PC, format, arguments, [&] { real.verr(status, format, arguments); });
  __builtin_unreachable();
}

HINDSIGHT_INTERCEPTOR void verrx(int status, const char* format, va_list arguments) {
  message(HINDSIGHT_CALLER_PC, format, arguments, [&] { real.verrx(status, format, arguments); });
  __builtin_unreachable();
}

HINDSIGHT_INTERCEPTOR void err(int status, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  message(HINDSIGHT_CALLER_PC, format, list, [&] { real.verr(status, format, list); });
  __builtin_unreachable();
}

HINDSIGHT_INTERCEPTOR void errx(int status, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  message(HINDSIGHT_CALLER_PC, format, list, [&] { real.verrx(status, format, list); });
  __builtin_unreachable();
}

HINDSIGHT_INTERCEPTOR void error(int status, int number, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  formatted(HINDSIGHT_CALLER_PC, format, list,
            [&](const char* text) { real.error(status, number, "%s", text); });
}

HINDSIGHT_INTERCEPTOR void error_at_line(int status, int number, const char* file, unsigned line,
                                         const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  formatted(HINDSIGHT_CALLER_PC, format, list,
            [&](const char* text) { real.error_at_line(status, number, file, line, "%s", text); });
}

// argp

HINDSIGHT_INTERCEPTOR void argp_error(const argp_state* state, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  formatted(HINDSIGHT_CALLER_PC, format, list,
            [&](const char* text) { real.argp_error(state, "%s", text); });
}

HINDSIGHT_INTERCEPTOR void argp_failure(const argp_state* state, int status, int number,
                                        const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  formatted(HINDSIGHT_CALLER_PC, format, list, [&](const char* text) {
    if (text == nullptr)
      real.argp_failure(state, status, number, nullptr);
    else
      real.argp_failure(state, status, number, "%s", text);
  });
}

// syslog

HINDSIGHT_INTERCEPTOR void openlog(const char* name, int option, int facility) {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { real.openlog(name, option, facility); },
      [=](InterceptedCall& call) { readsText(call, name); });
}

HINDSIGHT_INTERCEPTOR void vsyslog(int priority, const char* format, va_list arguments) {
  message(HINDSIGHT_CALLER_PC, format, arguments,
          [&] { real.vsyslog(priority, format, arguments); });
}

HINDSIGHT_INTERCEPTOR void syslog(int priority, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  message(HINDSIGHT_CALLER_PC, format, list, [&] { real.vsyslog(priority, format, list); });
}

HINDSIGHT_INTERCEPTOR void __vsyslog_chk(int priority, int flag, const char* format,
                                         va_list arguments) {
  message(HINDSIGHT_CALLER_PC, format, arguments,
          [&] { real.__vsyslog_chk(priority, flag, format, arguments); });
}

HINDSIGHT_INTERCEPTOR void __syslog_chk(int priority, int flag, const char* format, ...) {
  HINDSIGHT_ARGUMENTS(list, format);
  message(HINDSIGHT_CALLER_PC, format, list,
          [&] { real.__vsyslog_chk(priority, flag, format, list); });
}
