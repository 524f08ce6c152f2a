// A thread started by a global's constructor runs while main does.
// EXPECT: races=1
#include "threads.h"

int configuration;

struct Service {
  Service()
      : thread([] {
          configuration = 1;
          stepAdvance();
        }) {}
  ~Service() { thread.join(); }
  Thread thread;
};
Service service;

int main() {
  stepWait(1);
  configuration = 2;
}
