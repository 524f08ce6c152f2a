// The same with an atomic flag.
#include <atomic>

#include "threads.h"

std::atomic<bool> ready;
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
