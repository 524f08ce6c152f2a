// moodycamel.cpp - moodycamel's ConcurrentQueue and BlockingConcurrentQueue, header-only.
//
// The queue orders its hand-overs with relaxed loads and acquire fences; single and bulk
// operations on both sides; the payload is a heap string, so that a lost edge would be seen on its
// characters. Verified: every item arrives once, and in order per producer at each consumer.
//
// Producers with a token (explicit sub-queues) must be silent. With -DIMPLICIT_PRODUCERS they have
// none, and share blocks through a free list that version 1.0.3 does not order well enough
// (docs/real-software.md): the reports on recycled blocks are true.

#include <concurrentqueue/blockingconcurrentqueue.h>
#include <concurrentqueue/concurrentqueue.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"

namespace {

#ifdef IMPLICIT_PRODUCERS
constexpr bool kTokens = false;
#else
constexpr bool kTokens = true;
#endif
constexpr int kProducers = 4;
constexpr int kConsumers = 3;
constexpr int kItems = 20000;  // per producer
constexpr int kBulk = 7;

struct Item {
  int producer = -1;
  int sequence = -1;
  std::string text;
};

Item makeItem(int producer, int sequence) {
  return {producer, sequence, "item number " + std::to_string(sequence) + " of a producer"};
}

/// What one consumer saw; checks order and content as items come in.
class Tally {
 public:
  void add(const Item& item) {
    require(item.producer >= 0 && item.producer < kProducers, "producer in range");
    int& last = last_[static_cast<size_t>(item.producer)];
    require(item.sequence > last, "order within one producer");
    last = item.sequence;
    require(item.text == makeItem(item.producer, item.sequence).text, "text intact");
    sum_ += static_cast<uint64_t>(item.sequence);
    ++count_;
  }
  uint64_t sum() const { return sum_; }
  uint64_t count() const { return count_; }

 private:
  std::array<int, kProducers> last_{-1, -1, -1, -1};
  uint64_t sum_ = 0;
  uint64_t count_ = 0;
};

void checkTotals(const std::vector<Tally>& tallies, uint64_t producers) {
  uint64_t count = 0;
  uint64_t sum = 0;
  for (const Tally& tally : tallies) {
    count += tally.count();
    sum += tally.sum();
  }
  require(count == producers * kItems, "all items arrived");
  require(sum == producers * (uint64_t{kItems} * (kItems - 1) / 2), "each item once");
}

template <typename Queue>
void produce(Queue& queue, int producer) {
  moodycamel::ProducerToken token(queue);
  for (int i = 0; i < kItems;) {
    if (i % 3 == 0 && i + kBulk <= kItems) {
      std::vector<Item> items;
      for (int j = 0; j < kBulk; ++j) items.push_back(makeItem(producer, i++));
      auto first = std::make_move_iterator(items.begin());
      require(kTokens ? queue.enqueue_bulk(token, first, kBulk) : queue.enqueue_bulk(first, kBulk),
              "bulk enqueue");
    } else {
      Item item = makeItem(producer, i++);
      require(kTokens ? queue.enqueue(token, std::move(item)) : queue.enqueue(std::move(item)),
              "enqueue");
    }
  }
}

void runConcurrentQueue() {
  moodycamel::ConcurrentQueue<Item> queue;
  std::vector<Tally> tallies(kConsumers);
  std::atomic<int> left{kProducers * kItems};
  std::vector<std::thread> threads;
  for (int i = 0; i < kProducers; ++i) threads.emplace_back([&queue, i] { produce(queue, i); });
  for (int i = 0; i < kConsumers; ++i) {
    threads.emplace_back([&queue, &left, &tally = tallies[static_cast<size_t>(i)], i] {
      moodycamel::ConsumerToken token(queue);
      std::array<Item, kBulk> items;
      while (left.load(std::memory_order_relaxed) > 0) {
        size_t got = 0;
        if (i == 0) {
          got = queue.try_dequeue_bulk(token, items.begin(), items.size());
        } else if (i == 1) {
          got = queue.try_dequeue(token, items[0]) ? 1 : 0;
        } else {
          got = queue.try_dequeue(items[0]) ? 1 : 0;
        }
        for (size_t j = 0; j < got; ++j) tally.add(items[j]);
        left.fetch_sub(static_cast<int>(got), std::memory_order_relaxed);
        if (got == 0) std::this_thread::yield();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  checkTotals(tallies, kProducers);
}

void runBlockingQueue() {
  constexpr int kBlockingProducers = 2;
  moodycamel::BlockingConcurrentQueue<Item> queue;
  std::vector<Tally> tallies(2);
  std::vector<std::thread> producers;
  std::vector<std::thread> consumers;
  for (Tally& tally : tallies) {
    consumers.emplace_back([&queue, &tally] {
      for (Item item;;) {
        queue.wait_dequeue(item);
        if (item.producer < 0) return;
        tally.add(item);
      }
    });
  }
  for (int i = 0; i < kBlockingProducers; ++i) {
    producers.emplace_back([&queue, i] { produce(queue, i); });
  }
  for (std::thread& producer : producers) producer.join();
  // The queue orders items of one producer only: an end mark of this thread may overtake items
  // that are still queued, so what the consumers leave behind is drained here.
  for (size_t i = 0; i < consumers.size(); ++i) queue.enqueue(Item{});
  for (std::thread& consumer : consumers) consumer.join();
  Tally rest;
  for (Item item; queue.try_dequeue(item);) rest.add(item);
  tallies.push_back(rest);
  checkTotals(tallies, kBlockingProducers);
}

}  // namespace

int main() {
  runConcurrentQueue();
  runBlockingQueue();
  puts("moodycamel: ok");
  return 0;
}
