// Every subscriber gets the same pointer: one that writes to the event races with the others.
// EXPECT: races>=1
#include "channels.h"

struct Event {
  int number;
};

int main() {
  Event event{1};
  chan<Event*> first(1);
  chan<Event*> second(1);
  first.send(&event);
  second.send(&event);
  runUnordered([=] { (*first.receive())->number++; },
               [=] { USE_VALUE((*second.receive())->number); });
}
