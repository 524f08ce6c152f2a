// system_call.cpp - syscall(): the numbers by which programs go round the C library's own functions.
//
// libuv closes by `syscall(SYS_close, fd)`, because close() may be cancelled. So what is done here is what
// the function of that name has done to it, except that the real call is the one that was made: it is
// no cancellation point. All other numbers are passed on as they are.
//
// Thread safety: any thread. Allocation: none.
#include <sys/syscall.h>
#include <unistd.h>

#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"
#include "intercept/real_calls.h"

namespace hindsight {
namespace {

struct Arguments {
  long at[6];
};

long plainCall(long number, const Arguments& arguments) {
  const long* at = arguments.at;
  return real.syscall(number, at[0], at[1], at[2], at[3], at[4], at[5]);
}

long closeCall(uptr pc, const Arguments& arguments) {
  InterceptedCall call(pc);
  if (call.bypass()) return plainCall(SYS_close, arguments);
  fdClosing(call.thread(), static_cast<int>(arguments.at[0]));
  return call.blocking([&] { return plainCall(SYS_close, arguments); });
}

long readCall(uptr pc, const Arguments& arguments) {
  InterceptedCall call(pc);
  if (call.bypass()) return plainCall(SYS_read, arguments);
  const long got = call.blocking([&] { return plainCall(SYS_read, arguments); });
  if (got >= 0) acquireFd(call.thread(), static_cast<int>(arguments.at[0]));
  if (got > 0) call.writes(reinterpret_cast<void*>(arguments.at[1]), static_cast<size_t>(got));
  return got;
}

long writeCall(uptr pc, const Arguments& arguments) {
  InterceptedCall call(pc);
  if (call.bypass()) return plainCall(SYS_write, arguments);
  call.reads(reinterpret_cast<const void*>(arguments.at[1]), static_cast<size_t>(arguments.at[2]));
  releaseFd(call.thread(), static_cast<int>(arguments.at[0]));
  return call.blocking([&] { return plainCall(SYS_write, arguments); });
}

}  // namespace

HINDSIGHT_INTERCEPTOR long syscall(long number, ...) noexcept {
  // As the C library's own: six are taken, however many there are.
  Arguments arguments;
  __builtin_va_list list;
  __builtin_va_start(list, number);
  for (long& argument : arguments.at) argument = __builtin_va_arg(list, long);
  __builtin_va_end(list);
  switch (number) {
    case SYS_close: return closeCall(HINDSIGHT_CALLER_PC, arguments);
    case SYS_read: return readCall(HINDSIGHT_CALLER_PC, arguments);
    case SYS_write: return writeCall(HINDSIGHT_CALLER_PC, arguments);
    case SYS_exit_group: _exit(static_cast<int>(arguments.at[0]));  // prints the summary
    default: return plainCall(number, arguments);
  }
}

}  // namespace hindsight
