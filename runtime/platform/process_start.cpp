#include "platform/process_start.h"

#include <fcntl.h>
#include <time.h>

#include "platform/syscalls.h"

namespace hindsight {
namespace {

constexpr u64 kSecond = 1'000'000'000;
constexpr u64 kTick = kSecond / 100;  // the kernel's unit towards programs, whatever it counts in

u64 now(int clock) {
  timespec time = {};
  sysClockGettime(clock, &time);
  return static_cast<u64>(time.tv_sec) * kSecond + static_cast<u64>(time.tv_nsec);
}

/// "pid (name) state parent ...": the name may hold anything, a ')' as well. 0: not there.
u64 ticksIn(const char* text, sptr size) {
  constexpr int kField = 22, kFirst = 3;  // proc_pid_stat(5): starttime, and what follows the name
  sptr at = size;
  while (at > 0 && text[at - 1] != ')') --at;
  if (at == 0) return 0;
  for (int field = kFirst - 1; field < kField && at < size; ++at)
    if (text[at] == ' ') ++field;
  u64 ticks = 0;
  for (; at < size && text[at] >= '0' && text[at] <= '9'; ++at)
    ticks = ticks * 10 + static_cast<u64>(text[at] - '0');
  return ticks;
}

}  // namespace

u64 processStart() {
  const sptr fd = sysOpen("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return 0;
  char text[1024];
  const sptr size = sysRead(static_cast<int>(fd), text, sizeof(text));
  sysClose(static_cast<int>(fd));
  const u64 since_boot = ticksIn(text, size) * kTick;
  if (since_boot == 0) return 0;
  const u64 age = now(CLOCK_BOOTTIME) - since_boot;
  return now(CLOCK_REALTIME) - age;
}

}  // namespace hindsight
