// volatile makes no order: neither the flag nor the data behind it may be shared like this.
// EXPECT: races>=2
// EXPECT: contains "olatile "
#include "threads.h"

volatile bool ready;
int data;

int main() {
  runThreads(
      [] {
        data = 1;
        ready = true;
      },
      [] {
        while (!ready) sched_yield();
        data++;
      });
}
