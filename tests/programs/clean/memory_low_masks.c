// SIGSEGV may be blocked, and handled, by numbers and by system calls, too, while memory below 4 GiB is checked by faults;
// what the program has asked for is what it is told.
// REQUIRES: arch=x86_64
#include "low_memory.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#pragma clang diagnostic ignored "-Wdeprecated-declarations"

#define CHECK(condition)                                     \
  do {                                                       \
    if (!(condition)) {                                      \
      static const char text[] = "failed: " #condition "\n"; \
      if (write(2, text, sizeof text - 1) < 0) abort();      \
      abort();                                               \
    }                                                        \
  } while (0)

struct KernelAction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

static const uint64_t kFault = 1ull << (SIGSEGV - 1), kUser = 1ull << (SIGUSR1 - 1);
static int* low;
static volatile sig_atomic_t faults, users;
static sigjmp_buf back;

static void onFault(int signal) {
  CHECK(signal == SIGSEGV);
  low[1]++;
  faults++;
  siglongjmp(back, 1);
}
static void onUser(int signal) {
  CHECK(signal == SIGUSR1);
  low[1]++;
  users++;
}

static int isBlocked(int signal) {
  sigset_t now;
  CHECK(sigprocmask(SIG_SETMASK, NULL, &now) == 0);
  return sigismember(&now, signal);
}

static long mask(int how, const uint64_t* set, uint64_t* old) {
  return syscall(SYS_rt_sigprocmask, how, set, old, sizeof *set);
}

static void byNumbers(void) {
  CHECK(siggetmask() == 0);
  CHECK(sigblock((int)kFault) == 0 && siggetmask() == (int)kFault && isBlocked(SIGSEGV));
  low[0]++;
  CHECK(sigsetmask((int)(kFault | kUser)) == (int)kFault && isBlocked(SIGSEGV) && isBlocked(SIGUSR1));
  low[0]++;
  CHECK(sigsetmask(0) == (int)(kFault | kUser) && !isBlocked(SIGSEGV) && !isBlocked(SIGUSR1));
  low[0]++;
  CHECK(sighold(SIGSEGV) == 0 && isBlocked(SIGSEGV) && !isBlocked(SIGUSR1));
  low[0]++;
  CHECK(sigset(SIGSEGV, SIG_DFL) == SIG_HOLD && !isBlocked(SIGSEGV));
  CHECK(sighold(SIGSEGV) == 0 && sigrelse(SIGSEGV) == 0 && !isBlocked(SIGSEGV));
  CHECK(sighold(1000) == -1 && errno == EINVAL && sigrelse(1000) == -1);
  low[0]++;
}

static void bySystemCalls(void) {
  uint64_t set = kFault | kUser, old = 77;
  CHECK(mask(SIG_BLOCK, &set, &old) == 0 && old == 0 && isBlocked(SIGSEGV) && isBlocked(SIGUSR1));
  low[0]++;
  CHECK(mask(SIG_SETMASK, NULL, &old) == 0 && old == set);
  CHECK(mask(SIG_UNBLOCK, &kFault, NULL) == 0 && !isBlocked(SIGSEGV) && isBlocked(SIGUSR1));
  low[0]++;
  set = ~0ull;
  CHECK(mask(SIG_SETMASK, &set, NULL) == 0 && isBlocked(SIGSEGV));
  low[0]++;
  set = 0;
  CHECK(mask(SIG_SETMASK, &set, &old) == 0 && (old & kFault) != 0 && !isBlocked(SIGSEGV));
  CHECK(mask(12345, &set, NULL) == -1 && errno == EINVAL);
  CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4) == -1 && errno == EINVAL);
  low[0]++;
}

static void handledBySystemCalls(void) {
  struct KernelAction action, old;
  struct sigaction known;
  memset(&action, 0, sizeof action);
  memset(&known, 0, sizeof known);
  // The kernel needs a way back from the handler, which the C library's action has.
  known.sa_handler = onUser;
  CHECK(sigaction(SIGUSR1, &known, NULL) == 0);
  CHECK(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &old, sizeof old.mask) == 0 && old.handler == onUser);
  action = old;
  action.handler = onFault;
  action.mask = kUser;
  CHECK(syscall(SYS_rt_sigaction, SIGSEGV, &action, NULL, sizeof action.mask) == 0);
  CHECK(syscall(SYS_rt_sigaction, SIGSEGV, NULL, &old, sizeof old.mask) == 0);
  CHECK(old.handler == onFault && old.mask == kUser);
  CHECK(sigaction(SIGSEGV, NULL, &known) == 0 && known.sa_handler == onFault && sigismember(&known.sa_mask, SIGUSR1));
  low[0]++;
  if (sigsetjmp(back, 1) == 0) *(volatile int*)8 = 1;
  CHECK(faults == 1 && !isBlocked(SIGSEGV) && !isBlocked(SIGUSR1));
  low[0]++;
  CHECK(raise(SIGUSR1) == 0 && users == 1);
  CHECK(syscall(SYS_rt_sigaction, 1000, NULL, &old, sizeof old.mask) == -1 && errno == EINVAL);
  CHECK(syscall(SYS_rt_sigaction, SIGKILL, &action, NULL, sizeof action.mask) == -1 && errno == EINVAL);
}

int main(void) {
  // Blocked by a number before there is such memory, and still so afterwards.
  CHECK(sigblock((int)kFault) == 0);
  low = lowMemory(4096);
  low[0]++;
  CHECK(siggetmask() == (int)kFault && sigsetmask(0) == (int)kFault);
  byNumbers();
  bySystemCalls();
  handledBySystemCalls();
  return munmap(low, 4096);
}
