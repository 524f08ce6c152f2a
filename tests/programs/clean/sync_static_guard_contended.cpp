// sync_static_guard_contended.cpp - several threads reach an initialiser at once; the first attempt
// throws.
// Clean: whoever waits for the guard follows the initialiser that succeeded.
#include "schedule.h"
#include "threads.h"

int attempts, value;

struct Config {
  Config() {
    if (++attempts == 1) throw 1;
    value = 7;
    for (int i = 0; i < 50; ++i) sched_yield();
  }
};

void use() {
  try {
    static Config config;
  } catch (int) {
    use();
  }
}

int main() {
  runThreadsIndexed(4, [](int) {
    barrierUninstrumented(4);
    use();
    if (value != 7) abort();
  });
  return attempts == 2 ? 0 : 1;
}
