// A write, then tens of thousands of unrelated releases by the same thread, then the racing read:
// no epoch runs out, nothing is forgotten.
// TSan: missed: the older stack is gone, and with it the report.
// EXPECT: races=2
#include "threads.h"

int written, read_value;
pthread_mutex_t unrelated = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) void earlyWrite() { written = 1; }
__attribute__((noinline)) void earlyRead() { USE_VALUE(read_value); }

int main() {
  runUnordered(
      [] {
        earlyWrite();
        earlyRead();
        for (int i = 0; i < 50000; i++) {
          pthread_mutex_lock(&unrelated);
          pthread_mutex_unlock(&unrelated);
        }
      },
      [] {
        USE_VALUE(written);
        read_value = 1;
      });
}
