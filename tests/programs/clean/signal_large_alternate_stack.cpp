// A thread with a small stack handles a signal on an alternate stack that is a thousand times as large, and uses it. Clean:
// what the handler writes at its deepest is read after the join.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "schedule.h"

constexpr size_t kStackBytes = 64 * 1024, kAlternateBytes = 64 * 1024 * 1024;
constexpr int kDepth = 30'000;
int written;

__attribute__((noinline)) static int deepen(int depth) {
  if (depth == 0) return ++written;
  const int result = deepen(depth - 1);
  USE_VALUE(depth);
  return result;
}
static void handler(int) { deepen(kDepth); }

static void* handleIt(void* alternate) {
  stack_t stack{};
  stack.ss_sp = alternate;
  stack.ss_size = kAlternateBytes;
  sigaltstack(&stack, nullptr);
  raise(SIGUSR1);
  stepAdvance();
  return nullptr;
}

int main() {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  void* const alternate = malloc(kAlternateBytes);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, kStackBytes);
  pthread_t thread;
  pthread_create(&thread, &small, handleIt, alternate);
  stepWait(1);
  pthread_join(thread, nullptr);
  USE_VALUE(written);
  free(alternate);
}
