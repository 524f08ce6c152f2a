// forget() orders nothing, and so needs nothing: each computation has a state of its own.
#include <string>

#include "hindsight/single_flight.h"
#include "threads.h"

hindsight::single_flight<std::string, int> flights;
int states[2];

int main() {
  runThreads(
      [] {
        flights.call("key", [] {
          states[0] = 1;
          stepAdvance();
          stepWait(2);
          return 1;
        });
      },
      [] {
        stepWait(1);
        flights.forget("key");
        flights.call("key", [] { return states[1]; });
        stepAdvance();
      });
}
