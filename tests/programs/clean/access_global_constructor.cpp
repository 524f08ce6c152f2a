// Globals are written by constructors before main, by main, and by destructors after it, with
// threads in each phase.
#include "threads.h"

int configuration;

struct Phase {
  Phase() {
    configuration = 1;
    runThreads([] { configuration++; });
    configuration++;
  }
  ~Phase() {
    configuration++;
    runThreads([] { configuration++; });
    configuration++;
  }
};
Phase phase;

int main() {
  configuration++;
  runThreads([] { configuration++; });
}
