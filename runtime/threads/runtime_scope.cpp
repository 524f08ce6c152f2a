#include "threads/runtime_scope.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>

#include "base/spin_lock.h"
#include "platform/syscalls.h"

namespace hindsight {

u32 world_stopped = 0;
void (*deliver_signals)(TlsBlock& tls) = nullptr;

namespace {

constinit SpinLock stop_lock;
constinit u32 stop_depth = 0;
constinit TlsBlock* stopper = nullptr;
constinit int stopper_tid = 0;
constinit TlsBlock* let_through = nullptr;  // the thread that a fork lets through

Stop worldState() {
  return static_cast<Stop>(
      __atomic_load_n(&world_stopped, __ATOMIC_ACQUIRE));  // pairs with: resumeWorld
}

bool isInside(const TlsBlock& tls) {
  // pairs with: leaveRuntime, park
  return __atomic_load_n(&tls.in_runtime, __ATOMIC_ACQUIRE) != 0 &&
         __atomic_load_n(&tls.parked, __ATOMIC_ACQUIRE) == 0;
}

void park(TlsBlock& tls) {
  __atomic_store_n(&tls.parked, 1, __ATOMIC_RELEASE);
}  // pairs with: isInside
void unpark(TlsBlock& tls) { __atomic_store_n(&tls.parked, 0, __ATOMIC_RELAXED); }

/// A fence in every thread of the process.
void fenceAll() {
  const auto tried = [] {
    return !syscallFailed(sysMembarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
  };
  if (tried()) return;
  sysMembarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
  if (tried() || !syscallFailed(sysMembarrier(MEMBARRIER_CMD_GLOBAL, 0, 0))) return;
  // Forbidden here (seccomp). No store stays in a store buffer for anything like this long.
  const long request[2] = {0, 20'000'000};
  sysNanosleep(request, nullptr);
}

// --- Threads that a fork lets through ------------------------------------------------------------

enum class Sleep { No, Yes, Unknown };

/// Puts /proc/self/task/TID/stat into `out`. Allocates nothing: the world is stopped.
void statPath(int tid, char (&out)[48]) {
  constexpr char kBefore[] = "/proc/self/task/", kAfter[] = "/stat";
  char digits[10];
  u32 first = sizeof(digits);
  for (u32 rest = static_cast<u32>(tid); first == sizeof(digits) || rest != 0; rest /= 10)
    digits[--first] = static_cast<char>('0' + rest % 10);
  char* to = out;
  for (u32 i = 0; i + 1 < sizeof(kBefore); ++i) *to++ = kBefore[i];
  while (first < sizeof(digits)) *to++ = digits[first++];
  for (const char c : kAfter) *to++ = c;
}

/// Whether the forking thread sleeps, as it does when it waits for a lock of the C library. While
/// it copies the process, its state is another one.
Sleep stopperSleeps() {
  char path[48];
  statPath(stopper_tid, path);
  const sptr fd = sysOpen(path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return Sleep::Unknown;
  char text[256];
  const sptr size = sysRead(static_cast<int>(fd), text, sizeof(text));
  sysClose(static_cast<int>(fd));
  // "tid (name) S ...": the name may hold anything, what follows holds no parenthesis.
  sptr end = size;
  while (end > 0 && text[end - 1] != ')') --end;
  if (end <= 0 || end + 1 >= size) return Sleep::Unknown;
  return text[end + 1] == 'S' ? Sleep::Yes : Sleep::No;
}

/// Called every 10 ms by a thread that is parked during a fork. `patience` is its own, at first 0.
bool mayPass(TlsBlock& tls, u32& patience) {
  constexpr u32 kEnough = 5, kEnoughWithoutProc = 500;
  const Sleep sleep = stopperSleeps();
  patience = sleep == Sleep::No ? 0 : patience + 1;
  if (patience < (sleep == Sleep::Yes ? kEnough : kEnoughWithoutProc)) return false;
  TlsBlock* other = __atomic_load_n(&let_through, __ATOMIC_ACQUIRE);
  // No thread can end meanwhile: that takes the registry's lock.
  if (other != nullptr && isInside(*other)) return false;
  patience = 0;
  return __atomic_compare_exchange_n(&let_through, &other, &tls, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_RELAXED);
}

void waitAWhile(Stop state) {
  const long ten_ms[2] = {0, 10'000'000};
  sysFutex(&world_stopped, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, static_cast<u32>(state), ten_ms);
}

}  // namespace

void deliverPendingSignals(TlsBlock& tls) {
  if (deliver_signals != nullptr) deliver_signals(tls);
}

HINDSIGHT_NOINLINE void parkUntilResumed(TlsBlock& tls) {
  u32 round = 0, patience = 0;
  for (Stop state; (state = worldState()) != Stop::None;) {
    park(tls);
    if (round < 64)
      spinWait(round++);
    else
      waitAWhile(state);
    const bool passes = round == 64 && state == Stop::Fork && mayPass(tls, patience);
    if (worldState() != Stop::None && !passes) continue;
    unpark(tls);
    // Seldom taken, so it pays its own fence here; pairs with: stopWorld.
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (passes) return;
  }
}

void stopWorld(Stop why) {
  TlsBlock& tls = __hindsight_tls;
  if (__atomic_load_n(&stopper, __ATOMIC_RELAXED) == &tls) {
    ++stop_depth;
    return;
  }
  park(tls);
  stop_lock.lock();
  unpark(tls);
  stopper_tid = static_cast<int>(sysGettid());
  let_through = nullptr;
  __atomic_store_n(&stopper, &tls, __ATOMIC_RELAXED);
  stop_depth = 1;
  __atomic_store_n(&world_stopped, static_cast<u32>(why), __ATOMIC_SEQ_CST);
  fenceAll();
  for (u32 round = 0;; spinWait(round++)) {
    // A thread that is inside may want the registry before it leaves.
    lockRegistry();
    bool somebody_inside = false;
    forEachThread(
        [](Thread& thread, void* argument) {
          if (thread.tls != nullptr && thread.tls != &__hindsight_tls && isInside(*thread.tls))
            *static_cast<bool*>(argument) = true;
        },
        &somebody_inside);
    if (!somebody_inside) return;
    unlockRegistry();
  }
}

void resumeWorld() {
  if (--stop_depth != 0) return;
  unlockRegistry();
  __atomic_store_n(&stopper, nullptr, __ATOMIC_RELAXED);
  __atomic_store_n(&world_stopped, 0, __ATOMIC_RELEASE);  // pairs with: parkUntilResumed
  constexpr u32 kEverybody = 0x7fffffff;
  sysFutex(&world_stopped, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, kEverybody, nullptr);
  stop_lock.unlock();
}

bool forkWasTorn() { return let_through != nullptr && isInside(*let_through); }

}  // namespace hindsight
