// Contexts that end by returning from their function, in two threads at a time.
// EXPECT: races>=1
// EXPECT: matches "^  body"
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

#include "schedule.h"

constexpr size_t kStackBytes = 64 * 1024;
ucontext_t outside[2];
int value;

static void body(int first, int second) { value = first + second; }

/// Runs a context to its end, which is the return of its function.
static void* runs(void* argument) {
  const int index = *static_cast<int*>(argument);
  ucontext_t task;
  void* stack = malloc(kStackBytes);
  for (int round = 0; round < 3; ++round) {
    if (index == round % 2) barrierUninstrumented(2);
    getcontext(&task);
    task.uc_stack.ss_sp = stack;
    task.uc_stack.ss_size = kStackBytes;
    task.uc_link = &outside[index];
    makecontext(&task, reinterpret_cast<void (*)()>(body), 2, round, 40);
    swapcontext(&outside[index], &task);
    if (index != round % 2) barrierUninstrumented(2);
  }
  free(stack);
  return nullptr;
}

int main() {
  int indices[] = {0, 1};
  pthread_t thread;
  pthread_create(&thread, nullptr, runs, &indices[0]);
  runs(&indices[1]);
  pthread_join(thread, nullptr);
  return 0;
}
