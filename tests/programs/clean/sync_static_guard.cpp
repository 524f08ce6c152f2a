// sync_static_guard.cpp - the initialiser of a function-local static happens before every use.
// Clean: both the slow path (guard calls) and the inlined test of the guard are acquires.
#include "schedule.h"
#include "threads.h"

int side_effect;

struct Config {
  Config() {
    side_effect = 1;
    value = new int(side_effect);
  }
  ~Config() { delete value; }
  int* value;
};

int use() {
  static Config config;
  return *config.value + side_effect;
}

int main() {
  runThreads(
      [] {
        if (use() != 2) abort();
        stepAdvance();
      },
      [] {
        stepWait(1);
        if (use() != 2 || use() != 2) abort();
      });
  return 0;
}
