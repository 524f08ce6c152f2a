// The report is suppressed, by a function of its stack.
// EXPECT: contains "Suppressed 1 report(s) by mutex:unlockAgain"
// ENV: HINDSIGHT=print_suppressions=1
#include <pthread.h>

const char* __tsan_default_suppressions(void) { return "mutex:unlockAgain\n"; }

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) static void unlockAgain(void) { pthread_mutex_unlock(&mutex); }

int main(void) {
  unlockAgain();
  return 0;
}
