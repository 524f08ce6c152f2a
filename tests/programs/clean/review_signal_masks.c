// A handler runs with the signals blocked, on the stack and with the flags that sigaction asked for,
// and sigaction gives them back as they were set.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static char stack[64 * 1024];
static volatile sig_atomic_t runs, blocks_first, blocks_second, on_stack;

static int isBlocked(int signal) {
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, NULL, &blocked);
  return sigismember(&blocked, signal);
}
static void handler(int signal) {
  char here;
  (void)signal;
  runs = runs + 1;
  blocks_first = isBlocked(SIGUSR1);
  blocks_second = isBlocked(SIGUSR2);
  on_stack = &here >= stack && &here < stack + sizeof(stack);
}
static void expect(int condition) {
  if (!condition) abort();
}
static void install(int flags, int masks_second) {
  struct sigaction action, back;
  memset(&action, 0, sizeof(action));
  action.sa_handler = handler;
  action.sa_flags = flags;
  if (masks_second) sigaddset(&action.sa_mask, SIGUSR2);
  expect(sigaction(SIGUSR1, &action, NULL) == 0);
  expect(sigaction(SIGUSR1, NULL, &back) == 0);
  expect(back.sa_handler == handler && (back.sa_flags & ~0x04000000) == flags);
  expect(sigismember(&back.sa_mask, SIGUSR2) == masks_second);
  expect(sigismember(&back.sa_mask, SIGINT) == 0);
}

int main(void) {
  stack_t own = {.ss_sp = stack, .ss_size = sizeof(stack)};
  expect(sigaltstack(&own, NULL) == 0);

  install(0, 1);
  raise(SIGUSR1);
  expect(runs == 1 && blocks_first && blocks_second && !on_stack);
  expect(!isBlocked(SIGUSR1) && !isBlocked(SIGUSR2));

  install(SA_NODEFER | SA_ONSTACK, 0);
  raise(SIGUSR1);
  expect(runs == 2 && !blocks_first && !blocks_second && on_stack);

  install(SA_RESETHAND, 0);
  raise(SIGUSR1);
  expect(runs == 3 && blocks_first);
  struct sigaction now;
  expect(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_handler == SIG_DFL);

  expect(signal(SIGUSR1, SIG_IGN) == SIG_DFL);
  expect(signal(SIGUSR1, handler) == SIG_IGN);
  expect(signal(SIGUSR1, SIG_DFL) == handler);
  return 0;
}
