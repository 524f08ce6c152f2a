// A handler leaves a fault of the C library or of an atomic operation by a jump, or returns when it
// has mended the place: afterwards signals come as before, a child can be forked, and what orders
// threads, in the handler too, is seen.
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kPage = 4096 };
enum { kCompare, kCompareText, kLength, kAtomic, kWays };

static sigjmp_buf before;
static volatile sig_atomic_t jumps, users;
static char *place, *text;
static sem_t handled;
static int data;

static void onFault(int signal) {
  (void)signal;
  if (jumps) siglongjmp(before, 1);
  data = 1;
  sem_post(&handled);
  mprotect(place + kPage, kPage, PROT_READ | PROT_WRITE);
  place[kPage] = 0;
}

static void onUser(int signal) {
  (void)signal;
  ++users;
}

static volatile int result;  // so that the calls are made

static int fault(int way) {
  volatile size_t bytes = kPage + 8;
  switch (way) {
    case kCompare: return memcmp(place, text, bytes);
    case kCompareText: return strcmp(place, text);
    case kLength: return (int)strlen(place);
    default: return __atomic_fetch_add((int*)(place + kPage), 1, __ATOMIC_SEQ_CST);
  }
}

static void* takes(void* argument) {
  sem_wait(&handled);
  data = 2;
  return argument;
}

static int isAsBefore(void) {
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, NULL, &now);
  users = 0;
  pthread_kill(pthread_self(), SIGUSR1);
  if (users != 1 || sigismember(&now, SIGTERM) || sigismember(&now, SIGSEGV)) return 0;
  int status = 1;
  const pid_t child = fork();
  if (child == 0) _exit(0);
  return waitpid(child, &status, 0) == child && status == 0;
}

static int tryOne(int way) {
  place = mmap(NULL, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(place, 'a', kPage);
  mprotect(place + kPage, kPage, PROT_NONE);
  jumps = 1;
  if (sigsetjmp(before, 1) == 0) {
    result = fault(way);
    return 0;
  }
  if (!isAsBefore()) return 0;

  jumps = 0;
  pthread_t thread;
  pthread_create(&thread, NULL, takes, NULL);
  result = fault(way);
  pthread_join(thread, NULL);
  if (data != 2 || !isAsBefore()) return 0;
  __atomic_fetch_add((int*)(place + kPage), 1, __ATOMIC_SEQ_CST);
  munmap(place, 2 * kPage);
  return 1;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = onFault;
  sigaction(SIGSEGV, &action, NULL);
  action.sa_handler = onUser;
  sigaction(SIGUSR1, &action, NULL);
  sem_init(&handled, 0, 0);
  text = malloc(2 * kPage);
  memset(text, 'a', 2 * kPage - 1);
  text[2 * kPage - 1] = 0;
  for (int way = 0; way < kWays; ++way)
    if (!tryOne(way)) return way + 1;
  return 0;
}
