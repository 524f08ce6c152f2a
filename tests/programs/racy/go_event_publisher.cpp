// An event publisher that goes over its list of subscribers without the lock, while one comes.
// EXPECT: races>=1
// EXPECT: contains "publish"
// EXPECT: contains "subscribe"
#include <mutex>
#include <vector>

#include "channels.h"

class Publisher {
 public:
  __attribute__((noinline)) chan<int> subscribe() {
    std::lock_guard guard(mutex_);
    subscribers_.emplace_back(4);
    return subscribers_.back();
  }
  __attribute__((noinline)) void publish(int event) {
    for (const chan<int>& each : subscribers_) each.try_send(event);  // should hold the lock
  }

 private:
  std::mutex mutex_;
  std::vector<chan<int>> subscribers_;
};

int main() {
  Publisher publisher;
  publisher.subscribe();
  runUnordered([&] { publisher.subscribe(); }, [&] { publisher.publish(1); });
}
