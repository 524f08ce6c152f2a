// After forget() a second computation of the same key runs beside the first.
// EXPECT: races=1
#include <string>

#include "hindsight/single_flight.h"
#include "threads.h"

hindsight::single_flight<std::string, int> flights;
int state;

int main() {
  runThreads(
      [] {
        flights.call("key", [] {
          state = 1;
          stepAdvance();
          stepWait(2);
          return 1;
        });
      },
      [] {
        stepWait(1);
        flights.forget("key");
        flights.call("key", [] { return state; });
        stepAdvance();
      });
}
