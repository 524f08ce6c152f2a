// sigsuspend, ppoll, pselect and epoll_pwait, called by name and by number, have a signal mask for
// their time. A handler that ends one runs with that mask, so what it blocks waits until the call
// has returned, and what else it lets in comes at once; a call inside a handler that is interrupted
// in turn, a call that a handler leaves by a jump and one that is cancelled leave nothing behind.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { kSuspend, kPpoll, kPselect, kEpoll, kSuspendByNumber, kPpollByNumber, kPselectByNumber,
       kEpollByNumber, kWays };
static const struct timespec kLong = {20, 0};
static int epoll;

static int waitBy(int way, const sigset_t* mask) {
  struct epoll_event event;
  struct timespec timeout = kLong;
  struct { const sigset_t* set; size_t bytes; } argument = {mask, 8};
  switch (way) {
    case kSuspend: return sigsuspend(mask);
    case kPpoll: return ppoll(NULL, 0, &kLong, mask);
    case kPselect: return pselect(0, NULL, NULL, NULL, &kLong, mask);
    case kEpoll: return epoll_pwait(epoll, &event, 1, 20000, mask);
    case kSuspendByNumber: return (int)syscall(SYS_rt_sigsuspend, mask, 8l);
    case kPpollByNumber: return (int)syscall(SYS_ppoll, NULL, 0l, &timeout, mask, 8l);
    case kPselectByNumber:
      return (int)syscall(SYS_pselect6, 0l, NULL, NULL, NULL, &timeout, &argument);
    default: return (int)syscall(SYS_epoll_pwait, (long)epoll, &event, 1l, 20000l, mask, 8l);
  }
}

static volatile sig_atomic_t ones, twos, in_one, nested, way, blocked_in_one;
static sigjmp_buf before;

static int isBlocked(int signal) {
  sigset_t now;
  return pthread_sigmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, signal);
}

static void two(int signal) {
  (void)signal;
  ++twos;
  if (in_one) nested = 1;
}

static void one(int signal) {
  in_one = 1;
  ++ones;
  blocked_in_one = isBlocked(SIGUSR2) + 2 * isBlocked(signal);
  pthread_kill(pthread_self(), SIGUSR2);
  in_one = 0;
}

/// Interrupted by two, which ends a read that is not about masks.
static void waits(int signal) {
  sigset_t all_but_two;
  sigfillset(&all_but_two);
  sigdelset(&all_but_two, SIGUSR2);
  (void)signal;
  ++ones;
  pthread_kill(pthread_self(), SIGUSR2);
  waitBy(way, &all_but_two);
}

static void jumps(int signal) {
  (void)signal;
  siglongjmp(before, 1);
}

static void handle(int signal, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  sigaction(signal, &action, NULL);
  ones = twos = nested = 0;
}

static void* endlessly(void* argument) {
  sigset_t none;
  sigemptyset(&none);
  for (;;) waitBy(kSuspend, &none);
  return argument;
}

/// A place for what went wrong, for the exit status.
#define EXPECT(condition)            \
  do {                               \
    if (!(condition)) return __LINE__ % 250 + 1; \
  } while (0)

static int tryOne(void) {
  sigset_t both, none, all_but_one;
  sigemptyset(&both);
  sigaddset(&both, SIGUSR1);
  sigaddset(&both, SIGUSR2);
  sigemptyset(&none);
  sigfillset(&all_but_one);
  sigdelset(&all_but_one, SIGUSR1);

  // The wait lets in one, not two, which is let in outside it.
  handle(SIGUSR1, one);
  handle(SIGUSR2, two);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  pthread_sigmask(SIG_BLOCK, &both, NULL);
  sigdelset(&both, SIGUSR2);
  pthread_sigmask(SIG_SETMASK, &both, NULL);
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT(waitBy(way, &all_but_one) == -1 && errno == EINTR);
  EXPECT(ones == 1 && twos == 1 && !nested && blocked_in_one == 3);
  EXPECT(isBlocked(SIGUSR1) && !isBlocked(SIGUSR2));

  // It lets in both: neither waits for the next call.
  sigaddset(&both, SIGUSR2);
  handle(SIGUSR1, two);
  pthread_sigmask(SIG_SETMASK, &both, NULL);
  pthread_kill(pthread_self(), SIGUSR1);
  pthread_kill(pthread_self(), SIGUSR2);
  EXPECT(waitBy(way, &none) == -1 && errno == EINTR);
  EXPECT(twos == 2 && isBlocked(SIGUSR1) && isBlocked(SIGUSR2));

  // A wait inside the handler of a wait.
  handle(SIGUSR1, waits);
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT(waitBy(way, &all_but_one) == -1 && errno == EINTR);
  EXPECT(ones == 1 && twos == 1 && isBlocked(SIGUSR1) && isBlocked(SIGUSR2));

  // A handler that jumps; then a call that is interrupted has the thread's own mask.
  handle(SIGUSR1, jumps);
  if (sigsetjmp(before, 1) == 0) {
    pthread_kill(pthread_self(), SIGUSR1);
    waitBy(way, &all_but_one);
    return 1;
  }
  EXPECT(isBlocked(SIGUSR1) && isBlocked(SIGUSR2));
  handle(SIGUSR1, one);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT(ones == 1 && twos == 1 && nested && blocked_in_one == 2);
  return 0;
}

int main(void) {
  epoll = epoll_create1(0);
  for (way = 0; way < kWays; ++way) {
    const int wrong = tryOne();
    if (wrong != 0) return wrong;
  }
  pthread_t thread;
  pthread_create(&thread, NULL, endlessly, NULL);
  pthread_cancel(thread);
  pthread_join(thread, NULL);
  return 0;
}
