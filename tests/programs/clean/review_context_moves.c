// User-level contexts that begin in one thread and go on in another, under a mutex: their calls are
// on the stack of the thread where they began, and nothing breaks.
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

enum { kContexts = 8, kTurns = 200, kStack = 64 * 1024 };

struct Task {
  ucontext_t own, *outside;
  int turns;
  char* stack;
};
static struct Task tasks[kContexts];
static int queue[kContexts], queued, finished;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int total;

__attribute__((noinline)) static void deeper(struct Task* task, int depth) {
  if (depth > 0) deeper(task, depth - 1);
  else swapcontext(&task->own, task->outside);
  task->turns++;
}
static void body(int index) {
  struct Task* task = &tasks[index];
  while (task->turns < kTurns) deeper(task, 1 + task->turns % 5);
  finished++;
  swapcontext(&task->own, task->outside);
}
__attribute__((noinline)) static int step(void) {
  ucontext_t here;
  pthread_mutex_lock(&lock);
  const int done = finished == kContexts;
  if (!done && queued > 0) {
    struct Task* task = &tasks[queue[--queued]];
    const int before = finished;
    task->outside = &here;
    total++;
    swapcontext(&here, &task->own);
    if (finished == before) {
      for (int i = queued++; i > 0; i--) queue[i] = queue[i - 1];
      queue[0] = (int)(task - tasks);
    }
  }
  pthread_mutex_unlock(&lock);
  return done;
}
static void* works(void* unused) {
  while (!step()) sched_yield();
  return unused;
}

int main(void) {
  for (int i = 0; i < kContexts; i++) {
    getcontext(&tasks[i].own);
    tasks[i].own.uc_stack.ss_sp = tasks[i].stack = malloc(kStack);
    tasks[i].own.uc_stack.ss_size = kStack;
    makecontext(&tasks[i].own, (void (*)(void))body, 1, i);
    queue[queued++] = i;
  }
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, works, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  for (int i = 0; i < kContexts; i++) free(tasks[i].stack);
  return total == 0;
}
