// A handler on a signal stack of its own, which interrupts another handler: it runs as the thread it interrupts.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "schedule.h"

static char stack[64 * 1024];
static int written;
static volatile sig_atomic_t depth;

static void onInner(int signal) {
  (void)signal;
  const char* here = (const char*)&signal;
  if (here < stack || here >= stack + sizeof stack) abort();
  written++;
  depth++;
}

static void onOuter(int signal) {
  (void)signal;
  raise(SIGUSR2);
  depth++;
}

static void* readIt(void* unused) {
  stepWait(1);
  return written == 1 ? unused : NULL;
}

int main(void) {
  pthread_t thread;
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  struct sigaction action = {.sa_handler = onInner, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR2, &action, NULL);
  action.sa_handler = onOuter;
  action.sa_flags = 0;
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  if (depth != 2) abort();
  pthread_create(&thread, NULL, readIt, stack);
  stepAdvance();
  void* result;
  pthread_join(thread, &result);
  return result == NULL;
}
