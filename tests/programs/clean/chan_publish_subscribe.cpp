// Subscribers only read the event; the publisher changes it when all have said so.
#include "channels.h"

struct Event {
  int number;
};

int main() {
  Event event{1};
  chan<Event*> subscriptions[3] = {chan<Event*>(1), chan<Event*>(1), chan<Event*>(1)};
  chan<int> read(0);
  Thread subscribers([&] {
    runThreadsIndexed(3, [&](int i) {
      for (Event* each : subscriptions[i]) {
        USE_VALUE(each->number);
        read.send(i);
      }
    });
  });
  for (int round = 0; round < 100; ++round) {
    event.number = round;
    for (auto& subscription : subscriptions) subscription.send(&event);
    for (int i = 0; i < 3; ++i) read.receive();
  }
  for (auto& subscription : subscriptions) subscription.close();
  subscribers.join();
}
