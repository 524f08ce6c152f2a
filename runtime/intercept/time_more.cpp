// time_more.cpp - clocks, sleeping, timers of the process, dates with a locale.
//
// Timers that call a function in a new thread are in timer.cpp.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/fd_sync.h"
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <sys/resource.h>
#include <sys/timeb.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <utime.h>

using namespace hindsight;

// Clocks

HINDSIGHT_INTERCEPTOR int timespec_get(struct timespec* ts, int base) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.timespec_get(ts, base); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesObject(call, ts);
      });
}

HINDSIGHT_INTERCEPTOR int timespec_getres(struct timespec* ts, int base) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.timespec_getres(ts, base); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesObject(call, ts);
      });
}

HINDSIGHT_INTERCEPTOR int clock_getres(clockid_t clock_id, struct timespec* res) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.clock_getres(clock_id, res); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, res);
      });
}

HINDSIGHT_INTERCEPTOR int clock_settime(clockid_t clock_id, const struct timespec* tp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.clock_settime(clock_id, tp); },
      [=](InterceptedCall& call) { readsObject(call, tp); });
}

HINDSIGHT_INTERCEPTOR int clock_getcpuclockid(pid_t pid, clockid_t* clock_id) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.clock_getcpuclockid(pid, clock_id); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, clock_id);
      });
}

HINDSIGHT_INTERCEPTOR int settimeofday(const struct timeval* tv,
                                       const struct timezone* tz) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.settimeofday(tv, tz); },
      [=](InterceptedCall& call) {
        readsObject(call, tv);
        readsBytes(call, tz, sizeof(struct timezone));
      });
}

HINDSIGHT_INTERCEPTOR int adjtime(const struct timeval* delta, struct timeval* olddelta) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.adjtime(delta, olddelta); },
      [=](InterceptedCall& call) { readsObject(call, delta); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, olddelta);
      });
}

HINDSIGHT_INTERCEPTOR int adjtimex(struct timex* ntx) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.adjtimex(ntx); },
      [=](InterceptedCall& call) { readsObject(call, ntx); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) writesObject(call, ntx);
      });
}
HINDSIGHT_ALIAS(__adjtimex, adjtimex);
HINDSIGHT_ALIAS(ntp_adjtime, adjtimex);

HINDSIGHT_INTERCEPTOR int clock_adjtime(__clockid_t clock_id, struct timex* utx) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.clock_adjtime(clock_id, utx); },
      [=](InterceptedCall& call) { readsObject(call, utx); },
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) writesObject(call, utx);
      });
}

HINDSIGHT_INTERCEPTOR int ntp_gettimex(struct ntptimeval* ntv) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ntp_gettimex(ntv); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) writesObject(call, ntv);
      });
}

/// The header renames it to ntp_gettimex, which also tells the offset to atomic time.
HINDSIGHT_INTERCEPTOR int ntpGetTime(struct ntptimeval* ntv) noexcept __asm__("ntp_gettime");
int ntpGetTime(struct ntptimeval* ntv) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ntp_gettime(ntv); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result >= 0) writesBytes(call, ntv, offsetof(ntptimeval, tai));
      });
}

HINDSIGHT_INTERCEPTOR int ftime(struct timeb* timebuf) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ftime(timebuf); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, timebuf);
      });
}

HINDSIGHT_INTERCEPTOR clock_t times(struct tms* buffer) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.times(buffer); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (buffer != nullptr && result != static_cast<clock_t>(-1)) writesObject(call, buffer);
      });
}

HINDSIGHT_INTERCEPTOR int getrusage(__rusage_who_t who, struct rusage* usage) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getrusage(who, usage); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, usage);
      });
}

HINDSIGHT_INTERCEPTOR int getitimer(__itimer_which_t which, struct itimerval* value) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getitimer(which, value); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, value);
      });
}

HINDSIGHT_INTERCEPTOR int setitimer(__itimer_which_t which, const struct itimerval* value,
                                    struct itimerval* old) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setitimer(which, value, old); },
      [=](InterceptedCall& call) {
        readsObject(call, value);
        releaseSignals(call.thread());
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, old);
      });
}

HINDSIGHT_INTERCEPTOR unsigned alarm(unsigned seconds) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.alarm(seconds); },
      [](InterceptedCall& call) { releaseSignals(call.thread()); });
}

HINDSIGHT_INTERCEPTOR useconds_t ualarm(useconds_t first, useconds_t period) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ualarm(first, period); },
      [](InterceptedCall& call) { releaseSignals(call.thread()); });
}

HINDSIGHT_INTERCEPTOR int nanosleep(const struct timespec* requested_time,
                                    struct timespec* remaining) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.nanosleep(requested_time, remaining); },
      [=](InterceptedCall& call) { readsObject(call, requested_time); },
      [=](InterceptedCall& call, const auto result) {
        if (result != 0 && errno == EINTR) writesObject(call, remaining);
      });
}
HINDSIGHT_ALIAS(__nanosleep, nanosleep);

HINDSIGHT_INTERCEPTOR int clock_nanosleep(clockid_t clock_id, int flags, const struct timespec* req,
                                          struct timespec* rem) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.clock_nanosleep(clock_id, flags, req, rem); },
      [=](InterceptedCall& call) { readsObject(call, req); },
      [=](InterceptedCall& call, const auto result) {
        if (result == EINTR && (flags & TIMER_ABSTIME) == 0) writesObject(call, rem);
      });
}

// Dates

HINDSIGHT_INTERCEPTOR size_t strftime_l(char* s, size_t maxsize, const char* format,
                                        const struct tm* tp, locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strftime_l(s, maxsize, format, tp, loc); },
      [=](InterceptedCall& call) {
        readsText(call, format);
        readsObject(call, tp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesBytes(call, s, result + 1);
      });
}
HINDSIGHT_ALIAS(__strftime_l, strftime_l);

HINDSIGHT_INTERCEPTOR size_t wcsftime(wchar_t* s, size_t maxsize, const wchar_t* format,
                                      const struct tm* tp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsftime(s, maxsize, format, tp); },
      [=](InterceptedCall& call) {
        readsWide(call, format);
        readsObject(call, tp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesBytes(call, s, (result + 1) * sizeof *s);
      });
}

HINDSIGHT_INTERCEPTOR size_t wcsftime_l(wchar_t* s, size_t maxsize, const wchar_t* format,
                                        const struct tm* tp, locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wcsftime_l(s, maxsize, format, tp, loc); },
      [=](InterceptedCall& call) {
        readsWide(call, format);
        readsObject(call, tp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result != 0) writesBytes(call, s, (result + 1) * sizeof *s);
      });
}
HINDSIGHT_ALIAS(__wcsftime_l, wcsftime_l);

HINDSIGHT_INTERCEPTOR char* strptime_l(const char* s, const char* fmt, struct tm* tp,
                                       locale_t loc) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.strptime_l(s, fmt, tp, loc); },
      [=](InterceptedCall& call) { readsText(call, fmt); },
      [=](InterceptedCall& call, auto result) { parsedTime(call, s, result, tp); });
}

HINDSIGHT_INTERCEPTOR struct tm* getdate(const char* string) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getdate(string); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

HINDSIGHT_INTERCEPTOR int getdate_r(const char* string, struct tm* resbufp) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getdate_r(string, resbufp); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, resbufp);
      });
}

// Times of files

HINDSIGHT_INTERCEPTOR int utime(const char* file, const struct utimbuf* file_times) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.utime(file, file_times); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsObject(call, file_times);
      });
}

HINDSIGHT_INTERCEPTOR int utimes(const char* file, const struct timeval* tvp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.utimes(file, tvp); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsBytes(call, tvp, 2 * sizeof *tvp);
      });
}

HINDSIGHT_INTERCEPTOR int lutimes(const char* file, const struct timeval* tvp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lutimes(file, tvp); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsBytes(call, tvp, 2 * sizeof *tvp);
      });
}

HINDSIGHT_INTERCEPTOR int futimes(int fd, const struct timeval* tvp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.futimes(fd, tvp); },
      [=](InterceptedCall& call) { readsBytes(call, tvp, 2 * sizeof *tvp); });
}

HINDSIGHT_INTERCEPTOR int futimesat(int fd, const char* file, const struct timeval* tvp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.futimesat(fd, file, tvp); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsBytes(call, tvp, 2 * sizeof *tvp);
      });
}

HINDSIGHT_INTERCEPTOR int futimens(int fd, const struct timespec* times) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.futimens(fd, times); },
      [=](InterceptedCall& call) { readsBytes(call, times, 2 * sizeof *times); });
}

HINDSIGHT_INTERCEPTOR int utimensat(int fd, const char* path, const struct timespec* times,
                                    int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.utimensat(fd, path, times, flags); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsBytes(call, times, 2 * sizeof *times);
      });
}
