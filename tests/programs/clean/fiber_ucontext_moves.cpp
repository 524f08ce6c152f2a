// A user-level context (ucontext) that nobody describes to the detector begins in one thread and goes on in
// another. What it did before happens before what it does after, whatever the detector sees of the
// program's scheduler: clock and stack travel with the context.
// TSan: false report (without the fiber functions).
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include "schedule.h"

constexpr size_t kStackBytes = 64 * 1024;
ucontext_t task, outside[2];
int turn;  // which of `outside` the task goes back to; the scheduler's, unseen
int counter;

HINDSIGHT_TEST_UNINSTRUMENTED static void leave() { swapcontext(&task, &outside[turn]); }
HINDSIGHT_TEST_UNINSTRUMENTED static void resume(int thread) {
  turn = thread;
  swapcontext(&outside[thread], &task);
}

__attribute__((noinline)) static void addOne() {
  ++counter;
  leave();
}
static void body() {
  addOne();
  addOne();
  abort();
}

static void* firstThread(void*) {
  resume(0);
  stepAdvance();
  return nullptr;
}
static void* secondThread(void*) {
  stepWait(1);
  resume(1);
  return nullptr;
}

int main() {
  getcontext(&task);
  task.uc_stack.ss_sp = malloc(kStackBytes);
  task.uc_stack.ss_size = kStackBytes;
  makecontext(&task, body, 0);
  pthread_t threads[2];
  pthread_create(&threads[0], nullptr, firstThread, nullptr);
  pthread_create(&threads[1], nullptr, secondThread, nullptr);
  pthread_join(threads[0], nullptr);
  pthread_join(threads[1], nullptr);
  free(task.uc_stack.ss_sp);
  return counter == 2 ? 0 : 1;
}
