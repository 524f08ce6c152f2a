// A user-level context on a stack below 4 GiB is a fiber of its own, as on any other.
// Clean: it reads when the writer has been joined.
// REQUIRES: arch=x86_64
#include "low_memory.h"

#include <pthread.h>
#include <ucontext.h>

#include "schedule.h"

enum { kStackBytes = 128 * 1024 };

static ucontext_t caller, fiber;
static int* shared;

__attribute__((noinline)) static int sumOf(const int* numbers, int count) {
  int sum = 0;
  for (int i = 0; i < count; i++) sum += numbers[i];
  return sum;
}

static void body(void) {
  int numbers[100];
  for (int i = 0; i < 100; i++) numbers[i] = i;
  if ((uintptr_t)numbers >> 32 != 0 || sumOf(numbers, 100) != 4950) abort();
  swapcontext(&fiber, &caller);
  numbers[99] = *shared;
  if (sumOf(numbers, 100) != 4851 + 5) abort();
}

static void* writeIt(void* unused) {
  *shared = 5;
  stepAdvance();
  return unused;
}

int main(void) {
  shared = lowMemory(4096);
  char* const stack = lowMemory(kStackBytes);
  getcontext(&fiber);
  fiber.uc_stack.ss_sp = stack;
  fiber.uc_stack.ss_size = kStackBytes;
  fiber.uc_link = &caller;
  makecontext(&fiber, body, 0);
  swapcontext(&caller, &fiber);
  pthread_t writer;
  pthread_create(&writer, NULL, writeIt, NULL);
  stepWait(1);
  pthread_join(writer, NULL);
  swapcontext(&caller, &fiber);
  return munmap(stack, kStackBytes);
}
