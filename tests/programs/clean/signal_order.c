// Real-time signals queued to a thread that is nearly always inside the detector are handled once each and, of one number, in
// the order in which they were sent: by handlers that return, that leave by a jump, that take what follows by sigtimedwait, that
// fork, and when no more can be queued. A standard signal sent when the handler of the one before has begun is handled, too.
// Clean: what handlers count is read by their own thread, or after the join.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "schedule.h"

enum { kSignals = 800, kStandard = 200, kForks = 5 };
enum { kReturns, kJumps, kTakes, kForksChild, kProcess, kWays };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int numbers[256];
static int way, next, wrong, forks, standard;
static int limit = kSignals;
static sigjmp_buf place;
static volatile sig_atomic_t may_jump;
static struct StepCounter begun, ready;

static void take(int value) {
  if (value != next) ++wrong;
  next = value + 1;
}

static void onRealTime(int signal, siginfo_t* info, void* context) {
  (void)context;
  take(info->si_value.sival_int);
  if (way == kTakes) {
    const struct timespec now = {0, 0};
    siginfo_t following;
    sigset_t same;
    sigemptyset(&same);
    sigaddset(&same, signal);
    const int error = errno;
    while (sigtimedwait(&same, &following, &now) == signal) take(following.si_value.sival_int);
    errno = error;
  }
  if (way == kForksChild && forks < kForks && next % 8 == 7) {
    ++forks;
    const int before = next;
    const pid_t child = fork();
    if (child == 0) {  // has inherited none of those that wait
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, NULL);
      sigset_t pending;
      sigpending(&pending);
      _exit(next != before || sigismember(&pending, signal));
    }
    int status = 1;
    if (waitpid(child, &status, 0) != child || status != 0) ++wrong;
  }
  if (way == kJumps && may_jump) siglongjmp(place, 1);
}

static void onStandard(int signal) {
  (void)signal;
  ++standard;
  stepCounterAdvance(&begun);
}

static void workOnce(int round) {
  for (int i = 0; i < 200; ++i) numbers[(i * 7 + round) % 256]++;
  pthread_mutex_lock(&mutex);
  void* volatile block = malloc(40);
  pthread_mutex_unlock(&mutex);
  free(block);
}

static void* works(void* unused) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_UNBLOCK, &all, NULL);
  stepCounterAdvance(&ready);
  for (volatile int round = 0; next < limit; ++round) {
    sigsetjmp(place, 1);
    may_jump = 1;
    for (volatile int i = 0; i < 20; ++i) numbers[i]++;
    may_jump = 0;
    workOnce(round);
  }
  for (int round = 0; standard < kStandard; ++round) workOnce(round);
  // None may be left, nor come twice.
  for (int round = 0; round < 20; ++round) workOnce(round);
  return unused;
}

static int oneWay(int signal) {
  const int before = stepCounterRead(&ready), begun_before = stepCounterRead(&begun);
  next = wrong = standard = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, works, NULL);
  stepCounterWait(&ready, before + 1);
  for (int i = 0; i < limit;) {
    const union sigval value = {.sival_int = i};
    const int error = way == kProcess ? (sigqueue(getpid(), signal, value) == 0 ? 0 : errno)
                                      : pthread_sigqueue(thread, signal, value);
    if (error == 0)
      ++i;
    else if (error != EAGAIN)
      abort();
    else
      sched_yield();
  }
  for (int i = 0; i < kStandard; ++i) {
    pthread_kill(thread, SIGUSR1);
    stepCounterWait(&begun, begun_before + i + 1);
  }
  pthread_join(thread, NULL);
  return wrong == 0 && next == limit && standard == kStandard;
}

int main(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  struct sigaction action = {.sa_sigaction = onRealTime, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGRTMIN + 3, &action, NULL);
  struct sigaction counts = {.sa_handler = onStandard, .sa_flags = SA_RESTART};
  sigfillset(&counts.sa_mask);  // or one that jumps may come before its first instruction
  sigaction(SIGUSR1, &counts, NULL);
  for (way = 0; way < kWays; ++way)
    if (!oneWay(SIGRTMIN + 3)) return way + 1;
  const struct rlimit few = {8, 8};
  setrlimit(RLIMIT_SIGPENDING, &few);
  way = kReturns;
  limit = kSignals / 3;
  return oneWay(SIGRTMIN + 3) ? 0 : kWays + 1;
}
