// rest.cpp - what belongs to no other family: fmtmsg, error messages, file locks, queries about
// formats.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/file_locks.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"
#include "sync/sync.h"

#include <execinfo.h>
#include <fmtmsg.h>
#include <locale.h>
#include <printf.h>
#include <regex.h>
#include <sys/file.h>

using namespace hindsight;

namespace {

/// Stands for the program's global locale.
struct GlobalLocale {
  char name;
} the_global_locale;

}  // namespace

HINDSIGHT_INTERCEPTOR int fmtmsg(long classification, const char* label, int severity,
                                 const char* text, const char* action, const char* tag) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.fmtmsg(classification, label, severity, text, action, tag); },
      [=](InterceptedCall& call) {
        readsText(call, label);
        readsText(call, text);
        readsText(call, action);
        readsText(call, tag);
      });
}

HINDSIGHT_INTERCEPTOR int addseverity(int severity, const char* string) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.addseverity(severity, string); },
      [=](InterceptedCall& call) { readsText(call, string); });
}

HINDSIGHT_INTERCEPTOR size_t parse_printf_format(const char* fmt, size_t n,
                                                 int* argtypes) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.parse_printf_format(fmt, n, argtypes); },
      [=](InterceptedCall& call) { readsText(call, fmt); },
      [=](InterceptedCall& call, const auto result) {
        writesBytes(call, argtypes, min(result, n) * sizeof *argtypes);
      });
}

HINDSIGHT_INTERCEPTOR char* setlocale(int category, const char* locale) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setlocale(category, locale); },
      [=](InterceptedCall& call) { readsText(call, locale); },
      [=](InterceptedCall& call, auto result) {
        if (locale != nullptr && result != nullptr) writesObject(call, &the_global_locale);
      });
}

HINDSIGHT_INTERCEPTOR int flock(int fd, int operation) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.flock(fd, operation); },
      [=](InterceptedCall& call) { wholeLockStarts(call, fd, operation); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) wholeLockDone(call, fd, operation);
      });
}

HINDSIGHT_INTERCEPTOR char* re_comp(const char* pattern) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.re_comp(pattern); },
      [=](InterceptedCall& call) { readsText(call, pattern); });
}

HINDSIGHT_INTERCEPTOR int re_exec(const char* text) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.re_exec(text); },
      [=](InterceptedCall& call) { readsText(call, text); });
}

HINDSIGHT_INTERCEPTOR int getaddrinfo_a(int mode, struct gaicb** list, int ent,
                                        struct sigevent* sig) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getaddrinfo_a(mode, list, ent, sig); },
      [=](InterceptedCall& call) {
        readsBytes(call, list, static_cast<size_t>(ent > 0 ? ent : 0) * sizeof *list);
        readsObject(call, sig);
      });
}

HINDSIGHT_INTERCEPTOR int gai_suspend(const struct gaicb* const* list, int ent,
                                      const struct timespec* timeout) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gai_suspend(list, ent, timeout); },
      [=](InterceptedCall& call) {
        readsBytes(call, list, static_cast<size_t>(ent > 0 ? ent : 0) * sizeof *list);
        readsObject(call, timeout);
      });
}

HINDSIGHT_OVERLOAD const char* basename(const char* path) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.basename(path); },
      [=](InterceptedCall& call) { readsText(call, path); });
}

HINDSIGHT_INTERCEPTOR int backtrace(void** array, int size) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.backtrace(array, size); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesBytes(call, array, static_cast<size_t>(result) * sizeof *array);
      });
}

HINDSIGHT_INTERCEPTOR char** backtrace_symbols(void* const* array, int size) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.backtrace_symbols(array, size); },
      [=](InterceptedCall& call) {
        readsBytes(call, array, static_cast<size_t>(size > 0 ? size : 0) * sizeof *array);
      });
}

HINDSIGHT_INTERCEPTOR void backtrace_symbols_fd(void* const* array, int size, int fd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.backtrace_symbols_fd(array, size, fd); },
      [=](InterceptedCall& call) {
        readsBytes(call, array, static_cast<size_t>(size > 0 ? size : 0) * sizeof *array);
      });
}
HINDSIGHT_ALIAS(__backtrace, backtrace);
HINDSIGHT_ALIAS(__backtrace_symbols, backtrace_symbols);
HINDSIGHT_ALIAS(__backtrace_symbols_fd, backtrace_symbols_fd);
