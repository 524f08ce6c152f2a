// SIGSEGV and SIGTRAP are the program's while memory below 4 GiB is checked by faults: its handlers get its own faults,
// with their address, instruction, stack and mask; what it has asked for is what it is told; the end by a fault is as
// without a detector.
// REQUIRES: arch=x86_64
#include "low_memory.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "schedule.h"

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) {                                                      \
      static const char text[] = "failed: " #condition "\n";                 \
      if (write(2, text, sizeof text - 1) < 0) abort();                      \
      abort();                                                               \
    }                                                                        \
  } while (0)

static int* low;
static volatile sig_atomic_t faults;
static void* volatile fault_address;
static volatile sig_atomic_t on_stack, blocked, trapped, pending;
static char stack[64 * 1024];
static sigjmp_buf back;

static int isBlocked(int signal) {
  sigset_t now;
  CHECK(pthread_sigmask(SIG_SETMASK, NULL, &now) == 0);
  return sigismember(&now, signal);
}
static void setBlocked(int how, int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  CHECK(sigprocmask(how, &set, NULL) == 0);
}

static void onFault(int signal, siginfo_t* info, void* opaque) {
  ucontext_t* context = opaque;
  const char* here = (const char*)&context;
  CHECK(signal == SIGSEGV);
  faults++;
  fault_address = info->si_addr;
  on_stack = here >= stack && here < stack + sizeof stack;
  blocked = isBlocked(SIGSEGV);
  low[10]++;  // an access in the handler of a fault
  CHECK(context->uc_mcontext.gregs[REG_RIP] != 0);
  siglongjmp(back, 1);
}
static void onSent(int signal, siginfo_t* info, void* opaque) {
  (void)signal;
  (void)opaque;
  CHECK(info->si_code == SI_TKILL || info->si_code == SI_USER);
  pending++;
}
static void onTrap(int signal) {
  (void)signal;
  trapped++;
  low[11]++;
}
static void onAlarm(int signal) {
  (void)signal;
  low[12]++;
}

static void crash(volatile int* where) { *where = 1; }

static void install(int signal, void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
  CHECK(sigaction(signal, &action, NULL) == 0);
}

/// How a child ends that does `what`.
static int statusOf(void (*what)(void)) {
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    low[20]++;
    what();
    _exit(7);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}
static int isFault(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV; }

static void standard(void) { signal(SIGSEGV, SIG_DFL); }
static void crashAtNull(void) {
  standard();
  crash(NULL);
}
static void crashLow(void) {
  standard();
  void* page = lowMemory(4096);
  munmap(page, 4096);
  crash(page);
}
static void crashProtected(void) {
  standard();
  int* page = lowMemory(4096);
  mprotect(page, 4096, PROT_READ);
  crash(page);
}
static void crashHigh(void) {
  standard();
  crash((int*)0x7fff00000000);
}
static void crashIgnored(void) {
  signal(SIGSEGV, SIG_IGN);
  CHECK(kill(getpid(), SIGSEGV) == 0);
  low[21]++;
  crash(NULL);
}
static void crashBlocked(void) {
  install(SIGSEGV, onFault, 0);
  setBlocked(SIG_BLOCK, SIGSEGV);
  low[21]++;
  crash(NULL);  // the handler does not get it
}
static void killed(void) {
  standard();
  low[21]++;
  kill(getpid(), SIGSEGV);
  for (;;) pause();
}
static void goOn(void) { low[21]++; }

/// What a program that is executed inherits.
static void execute(void) {
  execl("/proc/self/exe", "self", "inherited", (char*)NULL);
}
static int inherits(void) {
  struct sigaction old;
  CHECK(sigaction(SIGSEGV, NULL, &old) == 0);
  return isBlocked(SIGSEGV) ? 40 : old.sa_handler == SIG_IGN ? 41 : 42;
}
static void executeBlocked(void) {
  setBlocked(SIG_BLOCK, SIGSEGV);
  execute();
}
static void executeIgnoring(void) {
  signal(SIGSEGV, SIG_IGN);
  execute();
}
static void executePlainly(void) {
  install(SIGSEGV, onFault, 0);
  execute();
}

static void* blocksAll(void* unused) {
  CHECK(isBlocked(SIGSEGV) && isBlocked(SIGTRAP) && isBlocked(SIGUSR1));
  low[30]++;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  low[31]++;
  return unused;
}

/// Has blocked everything before there was such memory.
static void* wasThereBefore(void* unused) {
  stepAdvance();
  stepWait(2);
  CHECK(__atomic_load_n(&low, __ATOMIC_ACQUIRE) != NULL);
  low[40]++;
  CHECK(isBlocked(SIGSEGV));
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  CHECK(!isBlocked(SIGSEGV));
  low[41]++;
  return unused;
}

int main(int argc, char** argv) {
  (void)argv;
  if (argc == 2) return inherits();
  pthread_t early;
  sigset_t everything, nothing;
  sigfillset(&everything);
  CHECK(pthread_sigmask(SIG_SETMASK, &everything, &nothing) == 0);
  pthread_create(&early, NULL, wasThereBefore, NULL);
  CHECK(pthread_sigmask(SIG_SETMASK, &nothing, NULL) == 0);
  stepWait(1);

  // Before there is such memory, and still so afterwards.
  setBlocked(SIG_BLOCK, SIGSEGV);
  __atomic_store_n(&low, (int*)lowMemory(4096), __ATOMIC_RELEASE);
  CHECK(isBlocked(SIGSEGV));
  low[0] = 1;
  struct sigaction old;
  CHECK(sigaction(SIGSEGV, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
  setBlocked(SIG_UNBLOCK, SIGSEGV);
  CHECK(!isBlocked(SIGSEGV));
  low[1] = 1;
  stepAdvance();
  pthread_join(early, NULL);

  // Queries.
  install(SIGSEGV, onFault, SA_ONSTACK | SA_NODEFER);
  CHECK(sigaction(SIGSEGV, NULL, &old) == 0 && old.sa_sigaction == onFault &&
        (old.sa_flags & (SA_ONSTACK | SA_NODEFER | SA_SIGINFO | SA_RESETHAND)) == (SA_ONSTACK | SA_NODEFER | SA_SIGINFO));
  CHECK(signal(SIGSEGV, SIG_IGN) != SIG_ERR && signal(SIGSEGV, SIG_DFL) == SIG_IGN);

  // Faults of the program: again and again, on its stack, with its mask.
  const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  CHECK(sigaltstack(&alternate, NULL) == 0);
  int* const gone = lowMemory(4096);
  gone[3] = 1;
  munmap(gone, 4096);
  volatile int* const places[] = {gone + 3, (int*)8, (int*)0x7fff00000000};
  for (int round = 0; round < 4; round++) {
    install(SIGSEGV, onFault, (round & 1 ? SA_ONSTACK : 0) | (round & 2 ? SA_NODEFER : 0));
    for (int i = 0; i < 3; i++) {
      const int before = faults;
      low[2]++;
      if (sigsetjmp(back, 1) == 0) crash(places[i]);
      CHECK(faults == before + 1 && fault_address == places[i]);
      CHECK(on_stack == ((round & 1) != 0) && blocked == ((round & 2) == 0));
      CHECK(!isBlocked(SIGSEGV));
      low[2]++;
    }
  }
  install(SIGSEGV, onFault, SA_RESETHAND);
  if (sigsetjmp(back, 1) == 0) crash(NULL);
  CHECK(sigaction(SIGSEGV, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
  low[2]++;

  // Sent to a thread that blocks it: pending, then delivered, or taken.
  install(SIGSEGV, onSent, 0);
  setBlocked(SIG_BLOCK, SIGSEGV);
  CHECK(raise(SIGSEGV) == 0);
  sigset_t set;
  CHECK(pending == 0 && sigpending(&set) == 0 && sigismember(&set, SIGSEGV));
  setBlocked(SIG_UNBLOCK, SIGSEGV);
  CHECK(pending == 1);
  setBlocked(SIG_BLOCK, SIGSEGV);
  CHECK(raise(SIGSEGV) == 0);
  sigemptyset(&set);
  sigaddset(&set, SIGSEGV);
  int taken = 0;
  CHECK(sigwait(&set, &taken) == 0 && taken == SIGSEGV && pending == 1);
  setBlocked(SIG_UNBLOCK, SIGSEGV);
  low[3]++;

  // Ends.
  CHECK(isFault(statusOf(crashAtNull)));
  CHECK(isFault(statusOf(crashLow)));
  CHECK(isFault(statusOf(crashProtected)));
  CHECK(isFault(statusOf(crashHigh)));
  CHECK(isFault(statusOf(crashIgnored)));
  CHECK(isFault(statusOf(crashBlocked)));
  CHECK(isFault(statusOf(killed)));
  int status = statusOf(goOn);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);

  CHECK(WEXITSTATUS(statusOf(executeBlocked)) == 40);
  CHECK(WEXITSTATUS(statusOf(executeIgnoring)) == 41);
  CHECK(WEXITSTATUS(statusOf(executePlainly)) == 42);

  // SIGTRAP is nothing special; everything may be blocked, in handlers, too.
  signal(SIGTRAP, onTrap);
  __asm__ volatile("int3");
  CHECK(trapped == 1 && low[11] == 1);
  sigset_t all;
  sigfillset(&all);
  pthread_t thread;
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  low[4]++;
  pthread_create(&thread, NULL, blocksAll, NULL);
  pthread_join(thread, NULL);
  sigemptyset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  struct sigaction action = {.sa_handler = onAlarm};
  sigfillset(&action.sa_mask);
  sigaction(SIGALRM, &action, NULL);
  errno = 77;
  raise(SIGALRM);
  low[4]++;
  CHECK(errno == 77 && low[12] == 1 && !isBlocked(SIGSEGV));

  // Signals that arrive in the middle.
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  const struct itimerspec often = {{0, 50000}, {0, 50000}};
  CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &often, NULL) == 0);
  unsigned sum = 0;
  for (unsigned i = 0; i < 20000; i++) {
    low[100 + i % 500] = (int)i;
    sum += (unsigned)low[100 + i % 500] ^ i;
  }
  CHECK(timer_delete(timer) == 0 && sum == 0);
  return munmap(low, 4096);
}
