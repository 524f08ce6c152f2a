// primitives_groups_test.cpp - sync_map, single_flight and error_group without any detector.
//
// What the detector sees of them: primitives_edges_test.cpp, tests/programs/{racy,clean}/go_*.cpp.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hindsight/error_group.h"
#include "hindsight/single_flight.h"
#include "hindsight/sync_map.h"

namespace {

using hindsight::error_group;
using hindsight::misuse;
using hindsight::single_flight;
using hindsight::sync_map;

// ---- sync_map -----------------------------------------------------------------------------------

using Words = sync_map<std::string, std::string>;

TEST(SyncMap, StoreLoadEraseSwap) {
  Words words;
  EXPECT_EQ(words.load("a"), std::nullopt);
  words.store("a", "1");
  EXPECT_EQ(words.load("a"), "1");
  words.store("a", "2");
  EXPECT_EQ(words.swap("a", "3"), "2");
  EXPECT_EQ(words.swap("b", "4"), std::nullopt);
  words.erase("a");
  words.erase("never there");
  EXPECT_EQ(words.load("a"), std::nullopt);
  EXPECT_EQ(words.load("b"), "4");
  words.store("a", "5");
  EXPECT_EQ(words.load("a"), "5");
}

TEST(SyncMap, LoadOrStoreAndLoadAndDelete) {
  Words words;
  EXPECT_EQ(words.load_or_store("a", "1"), (std::pair<std::string, bool>("1", false)));
  EXPECT_EQ(words.load_or_store("a", "2"), (std::pair<std::string, bool>("1", true)));
  EXPECT_EQ(words.load_and_delete("a"), "1");
  EXPECT_EQ(words.load_and_delete("a"), std::nullopt);
  EXPECT_EQ(words.load_or_store("a", "3"), (std::pair<std::string, bool>("3", false)));
}

TEST(SyncMap, CompareAndSwapAndDelete) {
  sync_map<int, int> numbers;
  EXPECT_FALSE(numbers.compare_and_swap(1, 0, 5));
  EXPECT_FALSE(numbers.compare_and_delete(1, 0));
  numbers.store(1, 10);
  EXPECT_FALSE(numbers.compare_and_swap(1, 11, 12));
  EXPECT_EQ(numbers.load(1), 10);
  EXPECT_TRUE(numbers.compare_and_swap(1, 10, 12));
  EXPECT_FALSE(numbers.compare_and_delete(1, 10));
  EXPECT_TRUE(numbers.compare_and_delete(1, 12));
  EXPECT_EQ(numbers.load(1), std::nullopt);
  EXPECT_FALSE(numbers.compare_and_delete(1, 12));
}

TEST(SyncMap, RangeVisitsEachPairOnceAndMayUseTheMap) {
  sync_map<int, int> numbers;
  for (int i = 0; i < 100; ++i) numbers.store(i, i);
  for (int i = 0; i < 100; i += 10) numbers.erase(i);
  std::map<int, int> seen;
  numbers.range([&](const int& key, const int& value) {
    if (key >= 1000) return true;  // stored meanwhile: visited or not
    EXPECT_EQ(key, value);
    ++seen[key];
    numbers.erase(key);
    numbers.store(key + 1000, 0);
    return true;
  });
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seen[i], i % 10 == 0 ? 0 : 1);
  int visits = 0;
  numbers.range([&](int, int) { return ++visits < 3; });
  EXPECT_EQ(visits, 3);
}

TEST(SyncMap, ClearLeavesNothing) {
  sync_map<int, int> numbers;
  for (int i = 0; i < 100; ++i) numbers.store(i, i);
  numbers.clear();
  numbers.range([](int, int) {
    ADD_FAILURE();
    return true;
  });
  EXPECT_EQ(numbers.load(5), std::nullopt);
  numbers.store(5, 6);
  EXPECT_EQ(numbers.load(5), 6);
}

/// Counts its living instances; copying throws when told to.
struct Copied {
  static inline std::atomic<int> alive{0};
  static inline bool throws = false;
  int value;
  explicit Copied(int v) : value(v) { ++alive; }
  Copied(const Copied& other) : value(other.value) {
    if (throws) throw std::runtime_error("copy");
    ++alive;
  }
  Copied(Copied&& other) noexcept : value(other.value) { ++alive; }
  ~Copied() { --alive; }
  bool operator==(const Copied& other) const { return value == other.value; }
};

TEST(SyncMap, DestroysEveryValueOnce) {
  {
    sync_map<int, Copied> map;
    for (int i = 0; i < 50; ++i) map.store(i % 20, Copied(i));
    EXPECT_EQ(Copied::alive, 20);
    for (int i = 0; i < 10; ++i) map.erase(i);
    EXPECT_EQ(Copied::alive, 10);
    EXPECT_TRUE(map.compare_and_swap(15, Copied(35), Copied(1)));
    map.swap(16, Copied(2));
    EXPECT_EQ(Copied::alive, 10);
  }
  EXPECT_EQ(Copied::alive, 0);
}

TEST(SyncMap, AnExceptionFromCopyingLeavesTheMapAsItWas) {
  sync_map<int, Copied> map;
  map.store(1, Copied(7));
  Copied::throws = true;
  EXPECT_THROW(map.load(1), std::runtime_error);
  const Copied other(8);
  EXPECT_THROW(map.store(1, other), std::runtime_error);
  Copied::throws = false;
  EXPECT_EQ(map.load(1)->value, 7);
}

TEST(SyncMap, CountersByCompareAndSwap) {
  constexpr int kEach = 2000;
  sync_map<int, int> counters;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        const int key = n % 3;
        int now = counters.load_or_store(key, 0).first;
        while (!counters.compare_and_swap(key, now, now + 1)) now = *counters.load(key);
      }
    });
  for (std::thread& thread : threads) thread.join();
  int sum = 0;
  counters.range([&](int, int value) {
    sum += value;
    return true;
  });
  EXPECT_EQ(sum, 4 * kEach);
}

TEST(SyncMap, EverythingAtOnce) {
  Words words;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 3000; ++n) {
        const std::string key = "key " + std::to_string(n % 7);
        const std::string value(static_cast<std::size_t>(n % 60), 'x');
        switch ((n + i) % 6) {
          case 0:
            words.store(key, value);
            break;
          case 1:
            words.load(key);
            break;
          case 2:
            words.load_and_delete(key);
            break;
          case 3:
            words.compare_and_swap(key, value, value + "y");
            break;
          case 4:
            words.swap(key, value);
            break;
          default:
            words.range([&](const std::string& k, const std::string&) { return k != key; });
            if (n % 50 == 0) words.clear();
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
}

// ---- single_flight ------------------------------------------------------------------------------

TEST(SingleFlight, ComputesAgainOnceTheResultIsThere) {
  single_flight<int, int> flights;
  for (int i = 0; i < 3; ++i) {
    const auto result = flights.call(1, [i] { return i; });
    EXPECT_EQ(result.value, i);
    EXPECT_FALSE(result.shared);
  }
}

/// Counts how often one was found equal to another: a call that joins a computation has found its
/// key.
struct Key {
  static inline std::atomic<int> found{0};
  int number;
  bool operator==(const Key& other) const {
    if (number == other.number) ++found;
    return number == other.number;
  }
};
struct KeyHash {
  std::size_t operator()(const Key& key) const { return static_cast<std::size_t>(key.number); }
};
using Texts = single_flight<Key, std::string, KeyHash>;

/// A computation of "first" for key 1, in a thread of its own, from its start until finish().
class Computation {
 public:
  explicit Computation(Texts& flights)
      : thread_([this, &flights] {
          result_ = flights.call(Key{1}, [this] {
            stage_ = 1;
            while (stage_ != 2) std::this_thread::yield();
            return std::string("first, too long for the small buffer");
          });
        }) {
    while (stage_ != 1) std::this_thread::yield();
  }
  Texts::result finish() {
    stage_ = 2;
    thread_.join();
    return result_;
  }

 private:
  std::atomic<int> stage_{0};
  Texts::result result_{"", false};
  std::thread thread_;
};

TEST(SingleFlight, CallsAtTheSameTimeShareOneComputation) {
  Texts flights;
  Computation first(flights);
  Key::found = 0;
  std::vector<std::thread> others;
  for (int i = 0; i < 4; ++i)
    others.emplace_back([&] {
      const auto result = flights.call(Key{1}, [] { return std::string("not needed"); });
      EXPECT_TRUE(result.shared);
      EXPECT_EQ(result.value, "first, too long for the small buffer");
    });
  while (Key::found != 4) std::this_thread::yield();
  EXPECT_EQ(flights.call(Key{2}, [] { return std::string("other key"); }).value, "other key");
  EXPECT_TRUE(first.finish().shared);
  for (std::thread& other : others) other.join();
}

TEST(SingleFlight, AnExceptionIsShared) {
  Texts flights;
  std::atomic<int> caught{0};
  std::vector<std::thread> threads;
  Key::found = 0;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      try {
        flights.call(Key{1}, [&]() -> std::string {
          while (Key::found < 2) std::this_thread::yield();  // the others have joined
          throw std::runtime_error("shared");
        });
      } catch (const std::runtime_error&) {
        ++caught;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(caught, 3);
}

TEST(SingleFlight, ForgetLetsTheNextCallCompute) {
  Texts flights;
  Computation first(flights);
  flights.forget(Key{1});
  EXPECT_EQ(flights.call(Key{1}, [] { return std::string("second"); }).value, "second");
  EXPECT_FALSE(first.finish().shared);
  EXPECT_EQ(flights.call(Key{1}, [] { return std::string("third"); }).value, "third");
}

TEST(SingleFlight, AnExceptionGoesToTheCallerAndIsForgotten) {
  single_flight<std::string, int> flights;
  EXPECT_THROW(flights.call("k", []() -> int { throw std::runtime_error("x"); }),
               std::runtime_error);
  EXPECT_EQ(flights.call("k", [] { return 1; }).value, 1);
}

TEST(SingleFlight, StressWithExceptionsAndForget) {
  single_flight<std::string, std::shared_ptr<int>> flights;
  std::atomic<int> running[3] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 2000; ++n) {
        const std::size_t k = static_cast<std::size_t>(n % 3);
        try {
          const auto result = flights.call("key " + std::to_string(k), [&] {
            if (k != 2) {  // never forgotten: one at a time
              EXPECT_EQ(running[k]++, 0);
            }
            std::this_thread::yield();
            if (k != 2) --running[k];
            if (n % 5 == 0) throw n;
            return std::make_shared<int>(n);
          });
          ASSERT_EQ(static_cast<std::size_t>(*result.value % 3), k);
        } catch (int) {
        }
        if (n % 10 == i) flights.forget("key 2");
      }
    });
  for (std::thread& thread : threads) thread.join();
}

// ---- error_group --------------------------------------------------------------------------------

TEST(ErrorGroup, WaitsForAllAndIsSilentWithoutErrors) {
  error_group group;
  std::atomic<int> sum{0};
  for (int i = 1; i <= 10; ++i) group.go([&sum, i] { sum += i; });
  group.wait();
  EXPECT_EQ(sum, 55);
  EXPECT_TRUE(group.token().cancelled());
  group.wait();
}

TEST(ErrorGroup, TheFirstErrorCancelsAndIsThrownByEachWait) {
  error_group group;
  const hindsight::cancel_token token = group.token();
  EXPECT_FALSE(token.cancelled());
  std::atomic<bool> finished{false};
  group.go([] { throw std::runtime_error("first"); });
  group.go([&] {
    token.done().receive();
    EXPECT_TRUE(token.cancelled());
    finished = true;
    throw std::logic_error("second");
  });
  for (int i = 0; i < 2; ++i) {
    try {
      group.wait();
      ADD_FAILURE();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "first");
    }
  }
  EXPECT_TRUE(finished);
}

TEST(ErrorGroup, AnErrorCodeIsAnError) {
  error_group group;
  group.go([] { return std::error_code(); });
  group.go([] { return std::make_error_code(std::errc::timed_out); });
  try {
    group.wait();
    ADD_FAILURE();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::timed_out);
  }
}

TEST(ErrorGroup, TheLimitHolds) {
  error_group group;
  group.set_limit(3);
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  for (int i = 0; i < 100; ++i)
    group.go([&] {
      const int now = ++running;
      int seen = most;
      while (seen < now && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::yield();
      --running;
    });
  group.wait();
  EXPECT_LE(most, 3);
}

TEST(ErrorGroup, TryGoRefusesWhatIsTooMuchAndTheLimitIsFixedMeanwhile) {
  error_group group;
  group.set_limit(1);
  std::atomic<bool> go_on{false};
  EXPECT_TRUE(group.try_go([&] {
    while (!go_on) std::this_thread::yield();
  }));
  EXPECT_FALSE(group.try_go([] { ADD_FAILURE(); }));
  EXPECT_THROW(group.set_limit(2), misuse);
  EXPECT_THROW(group.set_no_limit(), misuse);
  go_on = true;
  group.wait();
  group.set_limit(0);
  EXPECT_FALSE(group.try_go([] { ADD_FAILURE(); }));
  group.set_no_limit();
  EXPECT_TRUE(group.try_go([] {}));
  group.wait();
}

TEST(ErrorGroup, TheDestructorWaits) {
  std::atomic<int> finished{0};
  for (int round = 0; round < 200; ++round) {
    error_group group;
    for (int i = 0; i < 3; ++i)
      group.go([&] {
        std::this_thread::yield();
        ++finished;
        throw 1;
      });
  }
  EXPECT_EQ(finished, 600);
}

TEST(ErrorGroup, FunctionsMayStartOthers) {
  error_group group;
  std::atomic<int> leaves{0};
  std::function<void(int)> split = [&](int depth) {
    if (depth == 0) {
      ++leaves;
      return;
    }
    for (int i = 0; i < 2; ++i) group.go([&split, depth] { split(depth - 1); });
  };
  group.go([&] { split(5); });
  group.wait();
  EXPECT_EQ(leaves, 32);
}

}  // namespace
