// absl_synchronization.cpp - abseil's mutexes, conditions, notifications and counters around its hash map,
// call_once and strings.
//
// Containers, call_once and guards are header code; locks are compiled, see edges/absl_edges.h.
// Verified: counts, sums and contents.

#include <absl/base/call_once.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "edges/absl_edges.h"

namespace {

constexpr int kThreads = 4, kItems = 500;

class Queue {
 public:
  void push(std::string item) {
    absl::MutexLock guard(&lock_);
    items_.push_back(std::move(item));
    filled_.Signal();
  }
  std::string pop() {
    absl::MutexLock guard(&lock_);
    while (items_.empty()) filled_.Wait(&lock_);
    std::string item = std::move(items_.front());
    items_.pop_front();
    return item;
  }

 private:
  absl::Mutex lock_;
  absl::CondVar filled_;
  std::deque<std::string> items_;
};

std::unique_ptr<std::string> prefix;
absl::once_flag prefix_once;

const std::string& prefixMadeOnce() {
  absl::call_once(prefix_once, [] { prefix = std::make_unique<std::string>("an item of the queue, number "); });
  return *prefix;
}

void passItems() {
  Queue queue;
  absl::Mutex counts_lock;
  absl::flat_hash_map<std::string, int> counts;
  absl::BlockingCounter finished(2 * kThreads);
  absl::Notification begin;
  std::vector<int> popped(kThreads);  // each of one thread, read after the counter
  int setting = 0;                    // written before the notification
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      begin.WaitForNotification();
      require(setting == 7, "what was set before the notification");
      for (int i = 0; i < kItems; ++i) queue.push(absl::StrCat(prefixMadeOnce(), i % 50));
      finished.DecrementCount();
    });
    threads.emplace_back([&, t] {
      begin.WaitForNotification();
      for (int i = 0; i < kItems; ++i) {
        const std::string item = queue.pop();
        {
          absl::ReaderMutexLock guard(&counts_lock);
          const auto found = counts.find(item);
          require(found == counts.end() || found->second > 0, "counts are positive");
        }
        absl::WriterMutexLock guard(&counts_lock);
        ++counts[item];
        ++popped[t];
      }
      finished.DecrementCount();
    });
  }
  setting = 7;
  begin.Notify();
  finished.Wait();
  int total = 0;
  for (int count : popped) total += count;
  require(total == kThreads * kItems && counts.size() == 50, "all items");
  for (const auto& [item, count] : counts) require(count == kThreads * kItems / 50, "counted right");
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main() {
  for (int i = 0; i < 5; ++i) passItems();
  puts("absl_synchronization: ok");
}
