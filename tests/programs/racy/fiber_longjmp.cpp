// A context that is switched to by swapcontext once and by siglongjmp from then on, as QEMU's coroutines are.
// Its accesses are its own, with its stack.
// EXPECT: races=1
// EXPECT: matches "^  body"
// EXPECT: matches "^  other"
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <ucontext.h>

#include "schedule.h"

constexpr size_t kStackBytes = 64 * 1024;
ucontext_t task, first;
sigjmp_buf inside, outside;
int turns, shared;

__attribute__((noinline)) static void yield() {
  if (sigsetjmp(inside, 0) == 0) siglongjmp(outside, 1);
}
static void body() {
  for (;;) {
    ++turns;
    ++shared;
    yield();
  }
}
__attribute__((noinline)) static void resume(bool begin) {
  if (sigsetjmp(outside, 0) != 0) return;
  if (begin) swapcontext(&first, &task);
  siglongjmp(inside, 1);
}

static void* other(void*) {
  stepWait(1);
  ++shared;
  stepAdvance();
  return nullptr;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, other, nullptr);
  getcontext(&task);
  task.uc_stack.ss_sp = malloc(kStackBytes);
  task.uc_stack.ss_size = kStackBytes;
  makecontext(&task, body, 0);
  resume(true);
  for (int i = 0; i < 20; ++i) resume(false);
  stepAdvance();
  stepWait(2);
  pthread_join(thread, nullptr);
  free(task.uc_stack.ss_sp);
  return turns == 21 ? 0 : 1;
}
