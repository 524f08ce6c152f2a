// primitives_test.cpp - Go's primitives (wait_group.h, once.h, cond.h, rw_mutex.h, pool.h) as what
// they are without any detector: waiting, order of service, exceptions, misuse, life.
//
// What the detector sees of them: primitives_edges_test.cpp, tests/programs/{racy,clean}/go_*.cpp.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hindsight/cond.h"
#include "hindsight/once.h"
#include "hindsight/pool.h"
#include "hindsight/rw_mutex.h"
#include "hindsight/wait_group.h"

namespace {

using hindsight::cond;
using hindsight::misuse;
using hindsight::once;
using hindsight::pool;
using hindsight::rw_mutex;
using hindsight::wait_group;

// ---- wait_group ---------------------------------------------------------------------------------

TEST(WaitGroup, WaitReturnsAtOnceWhenNothingIsToBeWaitedFor) {
  wait_group group;
  group.wait();
  group.add(2);
  group.add(-2);
  group.wait();
}

TEST(WaitGroup, EveryWaiterWaitsForTheLastDone) {
  for (int round = 0; round < 200; ++round) {
    wait_group group;
    std::atomic<int> finished{0};
    std::vector<std::thread> threads;
    group.add(4);
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        ++finished;
        group.done();
      });
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        group.wait();
        EXPECT_EQ(finished, 4);
      });
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(WaitGroup, CanBeUsedAgain) {
  wait_group group;
  std::atomic<int> finished{0};
  for (int round = 1; round <= 300; ++round) {
    for (int i = 0; i < 3; ++i) group.go([&] { ++finished; });
    group.wait();
    ASSERT_EQ(finished, 3 * round);
  }
}

TEST(WaitGroup, CountingBelowZeroThrowsAndChangesNothing) {
  wait_group group;
  EXPECT_THROW(group.done(), misuse);
  group.add(1);
  EXPECT_THROW(group.add(-2), misuse);
  EXPECT_THROW(group.add(std::numeric_limits<std::int64_t>::max()), misuse);
  group.done();
  group.wait();
}

TEST(WaitGroup, MayGoAsSoonAsItsWaiterReturns) {
  for (int round = 0; round < 3000; ++round) {
    auto group = std::make_unique<wait_group>();
    group->go([] {});
    group->wait();
    group.reset();
  }
}

TEST(WaitGroup, GoDestroysWhatWasCapturedBeforeItIsDone) {
  wait_group group;
  auto captured = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = captured;
  group.go([mine = std::move(captured)] { ASSERT_EQ(*mine, 1); });
  group.wait();
  EXPECT_TRUE(watched.expired());
}

TEST(WaitGroup, GoTakesFunctionsThatOnlyMove) {
  wait_group group;
  std::atomic<int> got{0};
  group.go([&got, number = std::make_unique<int>(5)] { got = *number; });
  group.wait();
  EXPECT_EQ(got, 5);
}

// ---- once ---------------------------------------------------------------------------------------

TEST(Once, RunsTheFirstFunctionOnly) {
  once first;
  int runs = 0;
  first.call([&] { runs += 1; });
  first.call([&] { runs += 10; });
  EXPECT_EQ(runs, 1);
}

TEST(Once, EveryCallReturnsAfterTheEnd) {
  for (int round = 0; round < 300; ++round) {
    once first;
    std::atomic<int> runs{0};
    int plain = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        first.call([&] {
          std::this_thread::yield();
          ++runs;
          plain = 7;
        });
        EXPECT_EQ(plain, 7);
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(runs, 1);
  }
}

TEST(Once, AFunctionThatThrowsCountsAsDone) {
  once first;
  int runs = 0;
  EXPECT_THROW(first.call([&] {
    ++runs;
    throw std::runtime_error("first");
  }),
               std::runtime_error);
  first.call([&] { ++runs; });
  EXPECT_EQ(runs, 1);
}

TEST(Once, AThrowLetsThoseWhoWaitGo) {
  once first;
  std::atomic<bool> running{false};
  std::thread runner([&] {
    EXPECT_THROW(first.call([&] {
      running = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      throw 1;
    }),
                 int);
  });
  while (!running) std::this_thread::yield();
  first.call([] { FAIL(); });
  runner.join();
}

TEST(Once, FuncAndValueGiveTheSameToEveryCaller) {
  int runs = 0;
  auto value = hindsight::once_value([&runs, part = std::make_unique<int>(40)] {
    ++runs;
    return *part + 2;
  });
  auto copy = value;
  EXPECT_EQ(value(), 42);
  EXPECT_EQ(&value(), &copy());
  EXPECT_EQ(runs, 1);
  auto function = hindsight::once_func([&] {
    ++runs;
    throw std::runtime_error("each time");
  });
  EXPECT_THROW(function(), std::runtime_error);
  EXPECT_THROW(function(), std::runtime_error);
  EXPECT_EQ(runs, 2);
  auto failing = hindsight::once_value([]() -> int { throw 3; });
  EXPECT_THROW(failing(), int);
  EXPECT_THROW(failing(), int);
}

// ---- cond ---------------------------------------------------------------------------------------

TEST(Cond, AQueueWithTwoConditions) {
  constexpr int kEach = 5000;
  std::mutex mutex;
  cond not_empty(mutex);
  cond not_full(mutex);
  std::vector<int> queue;
  long sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      for (int n = 1; n <= kEach; ++n) {
        const std::lock_guard guard(mutex);
        not_full.wait([&] { return queue.size() < 4; });
        queue.push_back(n);
        not_empty.signal();
      }
    });
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] {
      for (int n = 1; n <= kEach; ++n) {
        const std::lock_guard guard(mutex);
        not_empty.wait([&] { return !queue.empty(); });
        sum += queue.back();
        queue.pop_back();
        not_full.signal();
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 2L * kEach * (kEach + 1) / 2);
}

TEST(Cond, SignalWakesOneInOrderAndBroadcastAll) {
  std::mutex mutex;
  cond condition(mutex);
  std::vector<int> woken;
  std::atomic<int> waits{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const std::lock_guard guard(mutex);
      ++waits;
      condition.wait();
      woken.push_back(i);
    });
    // Who has counted itself holds the mutex until it waits.
    while (waits != i + 1) std::this_thread::yield();
    const std::lock_guard guard(mutex);
  }
  const auto awaitWoken = [&](std::size_t count) {
    for (;;) {
      const std::lock_guard guard(mutex);
      if (woken.size() >= count) return;
    }
  };
  condition.signal();
  awaitWoken(1);
  condition.signal();
  awaitWoken(2);
  {
    const std::lock_guard guard(mutex);
    EXPECT_EQ(woken, (std::vector{0, 1}));
  }
  condition.broadcast();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(woken.size(), 4u);
  condition.signal();  // nobody: lost, as it should be
}

TEST(Cond, TakesEitherSideOfAnRwMutex) {
  rw_mutex mutex;
  auto reading = mutex.r_locker();
  cond changed(reading);
  bool ready = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      const std::lock_guard guard(reading);
      changed.wait([&] { return ready; });
    });
  {
    const std::lock_guard guard(mutex);
    ready = true;
  }
  changed.broadcast();
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(&changed.locker(), &reading);
}

TEST(Cond, WaitWithoutTheLockThrowsWhatTheLockThrows) {
  rw_mutex mutex;
  cond condition(mutex);
  EXPECT_THROW(condition.wait(), misuse);
  condition.signal();  // the wait that failed has left nothing behind
  condition.broadcast();
}

// ---- rw_mutex -----------------------------------------------------------------------------------

TEST(RwMutex, ReadersShareAndWritersExclude) {
  rw_mutex mutex;
  mutex.lock_shared();
  EXPECT_TRUE(mutex.try_lock_shared());
  EXPECT_FALSE(mutex.try_lock());
  mutex.unlock_shared();
  EXPECT_FALSE(mutex.try_lock());
  mutex.unlock_shared();
  EXPECT_TRUE(mutex.try_lock());
  EXPECT_FALSE(mutex.try_lock());
  EXPECT_FALSE(mutex.try_lock_shared());
  mutex.unlock();
  const std::shared_lock reading(mutex);
  EXPECT_TRUE(reading.owns_lock());
}

TEST(RwMutex, AWaitingWriterGoesBeforeNewReadersAndWaitingReadersBeforeTheNextWriter) {
  rw_mutex mutex;
  std::vector<char> order;
  mutex.lock_shared();
  std::thread writer([&] {
    mutex.lock();
    order.push_back('w');
    mutex.unlock();
  });
  while (mutex.try_lock_shared()) {  // until the writer waits
    mutex.unlock_shared();
    std::this_thread::yield();
  }
  std::atomic<int> started{0};
  std::thread reader([&] {
    ++started;
    const std::shared_lock reading(mutex);
    order.push_back('r');
  });
  while (started == 0) std::this_thread::yield();
  mutex.unlock_shared();
  writer.join();
  reader.join();
  EXPECT_EQ(order, (std::vector{'w', 'r'}));
}

TEST(RwMutex, AnotherThreadMayUnlock) {
  rw_mutex mutex;
  mutex.lock();
  std::thread([&] { mutex.unlock(); }).join();
  EXPECT_TRUE(mutex.try_lock_shared());
  std::thread([&] { mutex.unlock_shared(); }).join();
  EXPECT_TRUE(mutex.try_lock());
}

TEST(RwMutex, UnlockingWhatIsNotLockedThrowsAndChangesNothing) {
  rw_mutex mutex;
  EXPECT_THROW(mutex.unlock(), misuse);
  EXPECT_THROW(mutex.unlock_shared(), misuse);
  mutex.lock();
  EXPECT_THROW(mutex.unlock_shared(), misuse);
  mutex.unlock();
  mutex.lock_shared();
  EXPECT_THROW(mutex.unlock(), misuse);
  EXPECT_FALSE(mutex.try_lock());
}

TEST(RwMutex, StressKeepsWritersAlone) {
  rw_mutex mutex;
  long a = 0;
  long b = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 5000; ++n) {
        const std::lock_guard guard(mutex);
        ++a;
        ++b;
      }
    });
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 5000; ++n) {
        const std::shared_lock guard(mutex);
        ASSERT_EQ(a, b);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(a, 15000);
}

TEST(RwMutex, MayGoAsSoonAsItsLastOwnerHasUnlocked) {
  for (int round = 0; round < 2000; ++round) {
    auto mutex = std::make_unique<rw_mutex>();
    mutex->lock();
    std::thread other([&mutex = *mutex] { mutex.unlock(); });
    mutex->lock();
    mutex->unlock();
    mutex.reset();
    other.join();
  }
}

// ---- pool ---------------------------------------------------------------------------------------

struct Counted {
  static inline std::atomic<int> alive{0};
  Counted() { ++alive; }
  ~Counted() { --alive; }
  std::atomic<int> users{0};
};

TEST(Pool, GivesBackWhatWasPutOrMakesOne) {
  int made = 0;
  pool<int> numbers([&made] { return std::make_unique<int>(++made); });
  auto one = numbers.get();
  int* const address = one.get();
  EXPECT_EQ(*one, 1);
  numbers.put(std::move(one));
  auto again = numbers.get();
  EXPECT_EQ(again.get(), address);
  EXPECT_EQ(*numbers.get(), 2);
  numbers.put(nullptr);
  EXPECT_EQ(*numbers.get(), 3);
}

TEST(Pool, WithoutAFunctionAnEmptyPoolGivesNull) {
  pool<int> numbers;
  EXPECT_EQ(numbers.get(), nullptr);
  numbers.put(std::make_unique<int>(4));
  EXPECT_EQ(*numbers.get(), 4);
}

TEST(Pool, KeepsNoMoreThanItMayAndDestroysTheRest) {
  {
    pool<Counted> objects(nullptr, 2);
    for (int i = 0; i < 5; ++i) objects.put(std::make_unique<Counted>());
    EXPECT_EQ(Counted::alive, 2);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Pool, NoObjectHasTwoOwners) {
  {
    pool<Counted> objects([] { return std::make_unique<Counted>(); });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 5000; ++n) {
          auto object = objects.get();
          ASSERT_EQ(object->users++, 0);
          ASSERT_EQ(object->users--, 1);
          objects.put(std::move(object));
        }
      });
    for (std::thread& thread : threads) thread.join();
    EXPECT_LE(Counted::alive, 4);
  }
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
