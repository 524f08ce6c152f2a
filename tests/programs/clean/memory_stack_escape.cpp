// Local variables are lent to other threads, which give them back by join or by a lock; and local
// variables that nobody else sees, in frames that are popped and pushed all the time.
#include "threads.h"

__attribute__((noinline)) int sum(int depth) {
  int numbers[16];
  for (int i = 0; i < 16; i++) numbers[i] = depth + i;
  __asm__ volatile("" ::"r"(numbers) : "memory");
  return depth == 0 ? numbers[3] : sum(depth - 1) + numbers[5];
}
__attribute__((noinline)) int lend(int start) {
  int total = start;
  int* lent = &total;
  runThreads([=] { *lent += 1; });
  total++;
  return total;
}

int main() {
  runThreadsIndexed(3, [](int) {
    for (int n = 0; n < 50; n++) {
      USE_VALUE(sum(n));
      if (n % 10 == 0) USE_VALUE(lend(n));
      USE_VALUE(sum(50 - n));
    }
  });
}
