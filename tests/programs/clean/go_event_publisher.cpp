// An event publisher: subscribers come, get events by a channel of their own, in order, and go.
#include <mutex>
#include <vector>

#include "channels.h"

struct Event {
  int number;
  int* payload;
};

class Publisher {
 public:
  chan<Event> subscribe() {
    std::lock_guard guard(mutex_);
    subscribers_.emplace_back(4);
    return subscribers_.back();
  }
  void unsubscribe(const chan<Event>& channel) {
    std::lock_guard guard(mutex_);
    for (auto& each : subscribers_)
      if (each == channel) {
        each = subscribers_.back();
        subscribers_.pop_back();
        return;
      }
  }
  void publish(Event event) {  // a subscriber that does not keep up misses events
    std::lock_guard guard(mutex_);
    for (const chan<Event>& each : subscribers_) each.try_send(event);
  }
  void close() {
    std::lock_guard guard(mutex_);
    for (const chan<Event>& each : subscribers_) each.close();
  }

 private:
  std::mutex mutex_;
  std::vector<chan<Event>> subscribers_;
};

int main() {
  Publisher publisher;
  Step ready;
  runThreadsIndexed(4, [&](int i) {
    if (i == 0) {
      ready.wait(3);
      for (int n = 0; n < 200; n++) {
        publisher.publish(Event{n, new int(n)});
        if (n % 4 == 0) sched_yield();
      }
      publisher.close();
      return;
    }
    const chan<Event> mine = publisher.subscribe();
    ready.advance();
    int last = -1;
    for (Event event : mine) {
      if (event.number <= last || *event.payload != event.number) abort();
      last = event.number;
      if (i == 1 && last > 50) break;
    }
    if (i == 1) publisher.unsubscribe(mine);
  });
}
