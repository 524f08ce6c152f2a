// boost_lockfree.cpp - Boost.Lockfree's queue, stack and spsc_queue, header-only.
//
// queue and stack recycle their nodes through a free list guarded by tagged pointers; a node is
// read by threads that lost the race for it. Payloads are pointers to heap objects.
// Verified: counts and sums of what went in and what came out.

#include <atomic>
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

namespace {

constexpr int kProducers = 3;
constexpr int kConsumers = 3;
constexpr int kItems = 15000;  // per producer

struct Job {
  int value;
  std::string name;
};

template <typename Container>
void exchangeJobs(Container& container) {
  std::atomic<int> left{kProducers * kItems};
  std::atomic<uint64_t> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kProducers; ++i) {
    threads.emplace_back([&container] {
      for (int j = 0; j < kItems; ++j) {
        auto job = std::make_unique<Job>(Job{j, "job with a long name " + std::to_string(j)});
        while (!container.push(job.get())) std::this_thread::yield();
        job.release();  // owned by whoever takes it out
      }
    });
  }
  for (int i = 0; i < kConsumers; ++i) {
    threads.emplace_back([&container, &left, &sum] {
      uint64_t own_sum = 0;
      while (left.load(std::memory_order_relaxed) > 0) {
        Job* taken = nullptr;
        if (!container.pop(taken)) {
          std::this_thread::yield();
          continue;
        }
        const std::unique_ptr<Job> job(taken);
        require(job->name == "job with a long name " + std::to_string(job->value), "job intact");
        own_sum += static_cast<uint64_t>(job->value);
        left.fetch_sub(1, std::memory_order_relaxed);
      }
      sum += own_sum;
    });
  }
  for (std::thread& thread : threads) thread.join();
  require(sum == uint64_t{kProducers} * kItems * (kItems - 1) / 2, "each job once");
}

void exchangeStrings() {
  boost::lockfree::spsc_queue<std::string, boost::lockfree::capacity<128>> ring;
  std::thread producer([&ring] {
    for (int i = 0; i < kItems; ++i) {
      while (!ring.push("string number " + std::to_string(i))) std::this_thread::yield();
    }
  });
  std::string text;
  for (int i = 0; i < kItems; ++i) {
    while (!ring.pop(text)) std::this_thread::yield();
    require(text == "string number " + std::to_string(i), "in order");
  }
  producer.join();
}

}  // namespace

int main() {
  boost::lockfree::queue<Job*> queue(64);
  exchangeJobs(queue);
  boost::lockfree::queue<Job*, boost::lockfree::capacity<256>> bounded;
  exchangeJobs(bounded);
  boost::lockfree::stack<Job*> stack(64);
  exchangeJobs(stack);
  exchangeStrings();
  puts("boost.lockfree: ok");
  return 0;
}
