// primitives_edges_test.cpp - the edges of Go's primitives are those that their headers name, all
// of them and no others.
//
// This program plays the detector (naive_detector.h). Threads use a primitive at random and write
// down what they did and saw: events, and for each event those which the rules put before it. The
// transitive closure of that and of the order in each thread must be what the clocks say, for every
// pair of events.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "hindsight/cond.h"
#include "hindsight/error_group.h"
#include "hindsight/once.h"
#include "hindsight/pool.h"
#include "hindsight/rw_mutex.h"
#include "hindsight/single_flight.h"
#include "hindsight/sync_map.h"
#include "hindsight/wait_group.h"
#include "naive_detector.h"

namespace {

using namespace naive_detector;

/// Names an event among all threads: an event of thread t is t * kThreadEvents + its number.
using EventId = int;
constexpr int kThreadEvents = 1000;
constexpr EventId kNone = -1;

struct Node {
  Event event;
  std::vector<EventId> after;  // rules: these happen before it
  bool is_operation = false;   // takes part in the rules, has no clock of its own
};

/// What one thread did. Only that thread writes to it.
class Log {
 public:
  explicit Log(int thread) : thread_(thread) {}
  EventId add(std::vector<EventId> after = {}) {
    const EventId id = thread_ * kThreadEvents + static_cast<int>(nodes.size());
    nodes.push_back({mark(), std::move(after)});
    return id;
  }
  /// The operation that addOperation() will add next, to be named by what it writes.
  EventId nextOperation() const { return thread_ * kThreadEvents + static_cast<int>(nodes.size()); }
  void addOperation(std::vector<EventId> after = {}) {
    nodes.push_back({Event{}, std::move(after), true});
  }
  std::vector<Node> nodes;

 private:
  int thread_;
};

/// Compares the closure of rules and program order with the clocks.
void check(const std::vector<Log>& logs, unsigned seed) {
  std::vector<std::size_t> first;
  std::vector<const Node*> nodes;
  for (const Log& log : logs) {
    ASSERT_LE(log.nodes.size(), static_cast<std::size_t>(kThreadEvents));
    first.push_back(nodes.size());
    for (const Node& node : log.nodes) nodes.push_back(&node);
  }
  const auto index = [&](EventId id) {
    return first[static_cast<std::size_t>(id / kThreadEvents)] +
           static_cast<std::size_t>(id % kThreadEvents);
  };
  std::vector<std::vector<bool>> before(nodes.size(), std::vector<bool>(nodes.size()));
  for (bool changed = true; changed;) {
    changed = false;
    const auto inherit = [&](std::size_t node, std::size_t earlier) {
      for (std::size_t k = 0; k < nodes.size(); ++k)
        if ((k == earlier || before[earlier][k]) && !before[node][k]) {
          before[node][k] = true;
          changed = true;
        }
    };
    for (std::size_t t = 0; t < logs.size(); ++t)
      for (std::size_t k = 0; k < logs[t].nodes.size(); ++k) {
        const std::size_t node = first[t] + k;
        if (k != 0) inherit(node, node - 1);
        for (EventId id : nodes[node]->after)
          if (id != kNone) inherit(node, index(id));
      }
  }
  for (std::size_t a = 0; a < nodes.size(); ++a)
    for (std::size_t b = 0; b < nodes.size(); ++b)
      if (a != b && !nodes[a]->is_operation && !nodes[b]->is_operation)
        ASSERT_EQ(happensBefore(nodes[a]->event, nodes[b]->event), before[b][a])
            << "seed " << seed << ": event " << nodes[a]->event.time << " of thread "
            << nodes[a]->event.thread << " before event " << nodes[b]->event.time << " of thread "
            << nodes[b]->event.thread;
}

/// Runs `body(log, random)` in threads of their own, then check()s their logs.
void runThreads(int count, const std::function<void(Log&, std::minstd_rand&)>& body) {
  const unsigned seed = std::random_device()();
  std::printf("seed %u\n", seed);
  std::vector<Log> logs;
  for (int t = 0; t < count; ++t) logs.emplace_back(t);
  std::vector<std::thread> threads;
  std::atomic<int> started{0};
  for (int t = 0; t < count; ++t)
    threads.emplace_back([&, t] {
      start(t);
      ++started;
      while (started != count) std::this_thread::yield();
      std::minstd_rand random(seed + static_cast<unsigned>(t));
      body(logs[static_cast<std::size_t>(t)], random);
    });
  for (std::thread& thread : threads) thread.join();
  check(logs, seed);
}

void maybeDelay(std::minstd_rand& random) {
  if (random() % 4 == 0) std::this_thread::yield();
}

TEST(PrimitivesEdges, WaitGroupOrdersEveryDoneBeforeTheWaitAndNothingElse) {
  for (int round = 0; round < 50; ++round) {
    hindsight::wait_group group;
    group.add(3);
    std::atomic<EventId> done[3] = {kNone, kNone, kNone};
    std::atomic<int> who{0};
    runThreads(6, [&](Log& log, std::minstd_rand& random) {
      const int me = who++;
      log.add();
      maybeDelay(random);
      if (me < 3) {
        done[me] = log.add();
        group.done();
        log.add();  // after done(): not before the wait
      } else {
        log.add();
        group.wait();
        log.add({done[0], done[1], done[2]});
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, OnceOrdersTheFunctionBeforeEveryReturn) {
  for (int round = 0; round < 50; ++round) {
    hindsight::once first;
    std::atomic<EventId> end{kNone};
    runThreads(4, [&](Log& log, std::minstd_rand& random) {
      log.add();
      maybeDelay(random);
      first.call([&] {
        maybeDelay(random);
        end = log.add();
      });
      log.add({end});
      first.call([] { FAIL(); });
      log.add();
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, CondOrdersNothing) {
  struct NoLock {  // what orders in a condition variable is its lock
    void lock() {}
    void unlock() {}
  };
  NoLock none;
  hindsight::cond<NoLock> condition(none);
  std::atomic<int> who{0};
  std::atomic<int> woken{0};
  runThreads(4, [&](Log& log, std::minstd_rand& random) {
    log.add();
    if (who++ == 0) {
      while (woken != 3) {
        random() % 2 == 0 ? condition.signal() : condition.broadcast();
        log.add();
        std::this_thread::yield();
        if (log.nodes.size() > 500) log.nodes.resize(500);
      }
    } else {
      condition.wait();
      ++woken;
    }
    log.add();
  });
}

TEST(PrimitivesEdges, RwMutexOrdersWritersAndReadersButNotReaders) {
  for (int round = 0; round < 10; ++round) {
    hindsight::rw_mutex mutex;
    // Guarded by the mutex itself; readers count with atomics.
    EventId last_unlock = kNone;
    std::mutex readers_mutex;
    std::vector<EventId> read_unlocks;
    runThreads(4, [&](Log& log, std::minstd_rand& random) {
      for (int n = 0; n < 40; ++n) {
        maybeDelay(random);
        if (random() % 3 == 0) {
          if (random() % 2 == 0)
            mutex.lock();
          else
            while (!mutex.try_lock()) std::this_thread::yield();
          std::vector<EventId> after = read_unlocks;  // no reader is inside
          after.push_back(last_unlock);
          log.add(std::move(after));
          maybeDelay(random);
          last_unlock = log.add();
          mutex.unlock();
        } else {
          if (random() % 2 == 0)
            mutex.lock_shared();
          else
            while (!mutex.try_lock_shared()) std::this_thread::yield();
          log.add({last_unlock});
          maybeDelay(random);
          const EventId id = log.add();
          {
            const std::lock_guard guard(readers_mutex);  // the naive detector does not see it
            read_unlocks.push_back(id);
          }
          mutex.unlock_shared();
        }
        log.add();
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, PoolOrdersPutBeforeTheGetThatReturnsIt) {
  for (int round = 0; round < 20; ++round) {
    hindsight::pool<EventId> objects(nullptr, 3);
    runThreads(4, [&](Log& log, std::minstd_rand& random) {
      for (int n = 0; n < 60; ++n) {
        maybeDelay(random);
        if (random() % 2 == 0) {
          objects.put(std::make_unique<EventId>(log.add()));
        } else if (auto object = objects.get()) {
          log.add({*object});
        }
        log.add();
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, SyncMapOrdersAWriteBeforeTheReadsThatObserveIt) {
  for (int round = 0; round < 30; ++round) {
    hindsight::sync_map<int, EventId> map;
    runThreads(4, [&](Log& log, std::minstd_rand& random) {
      for (int n = 0; n < 60; ++n) {
        maybeDelay(random);
        const int key = static_cast<int>(random() % 3);
        log.add();
        const EventId mine = log.nextOperation();
        switch (random() % 6) {
          case 0:
            map.store(key, mine);
            log.addOperation();
            break;
          case 1:
            log.addOperation({map.swap(key, mine).value_or(kNone)});
            break;
          case 2: {
            const auto [value, loaded] = map.load_or_store(key, mine);
            log.addOperation({loaded ? value : kNone});
            break;
          }
          case 3: {
            const EventId expected = map.load(key).value_or(kNone);
            // One that fails has observed a value that it does not tell.
            if (expected != kNone && !map.compare_and_swap(key, expected, mine)) return;
            log.addOperation({expected});
            break;
          }
          case 4:
            map.range([&](int, EventId value) {
              log.addOperation({value});
              return true;
            });
            break;
          default:
            log.addOperation({map.load(key).value_or(kNone)});
        }
        log.add();
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, SyncMapOrdersADeletionBeforeFindingNothing) {
  for (int round = 0; round < 30; ++round) {
    start(-1);  // main has seen the end of earlier rounds
    hindsight::sync_map<int, EventId> map;
    map.store(1, kNone);
    map.store(2, kNone);
    std::atomic<EventId> erased{kNone};
    std::atomic<int> who{0};
    runThreads(4, [&](Log& log, std::minstd_rand& random) {
      const int me = who++;
      log.add();
      maybeDelay(random);
      if (me == 0) {
        erased = log.add();
        round % 3 == 0 ? map.clear() : map.erase(1);
        log.add();
      } else if (me == 1) {
        while (map.load(1).has_value()) std::this_thread::yield();
        log.add({erased});
        log.add({map.load_and_delete(1).value_or(kNone)});  // observes the same
      } else {
        map.load(3);  // never stored: nothing is observed
        if (round % 3 != 0) map.load(2);
        log.add();
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, SingleFlightOrdersTheComputationBeforeEveryReturn) {
  for (int round = 0; round < 20; ++round) {
    hindsight::single_flight<int, EventId> flights;
    runThreads(4, [&](Log& log, std::minstd_rand& random) {
      for (int n = 0; n < 30; ++n) {
        log.add();
        const int key = static_cast<int>(random() % 2);
        if (random() % 8 == 0) flights.forget(key);
        const auto result = flights.call(key, [&] {
          maybeDelay(random);
          return log.add();
        });
        log.add({result.value});
        log.add();
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST(PrimitivesEdges, ErrorGroupCancelsAfterTheFirstError) {
  // Its threads have no numbers; the token is a channel of the caller's (see chan_edges_test.cpp).
  for (int round = 0; round < 20; ++round) {
    hindsight::error_group group;
    Event failed{};
    group.go([&] {
      start(0);
      failed = mark();
      throw 1;
    });
    Event other{};
    Event stopped{};
    group.go([&, token = group.token()] {
      start(1);
      other = mark();
      while (!token.cancelled()) std::this_thread::yield();
      stopped = mark();
    });
    start(2);
    const Event begun = mark();
    EXPECT_THROW(group.wait(), int);
    const Event over = mark();
    EXPECT_TRUE(happensBefore(failed, stopped));
    EXPECT_TRUE(happensBefore(failed, over));
    EXPECT_TRUE(happensBefore(stopped, over));
    EXPECT_FALSE(happensBefore(other, failed));
    EXPECT_FALSE(happensBefore(failed, other));
    EXPECT_FALSE(happensBefore(failed, begun));
    start(-1);
  }
}

}  // namespace
