// boost_fiber.cpp - Boost.Fiber on several threads: fibers that wander (shared_work, work_stealing),
// mutexes, conditions, barriers, channels and futures.
//
// libboost_fiber.so and libboost_context.so are compiled; see edges/boost_fiber_edges.h. What fibers
// count without a lock is theirs alone, in whichever thread they run.
// Verified: counts, sums, and that fibers did go on in another thread.

#include <boost/fiber/algo/shared_work.hpp>
#include <boost/fiber/algo/work_stealing.hpp>
#include <boost/fiber/all.hpp>

#include <unistd.h>

#include <atomic>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "check.h"
#include "edges/boost_fiber_edges.h"

namespace {

namespace fibers = boost::fibers;

constexpr int kThreads = 3, kFibers = 30, kSteps = 40;

int moves = 0;  // under the lock below
std::mutex moves_lock;

/// Threads that have run fibers end together. A fiber woken from another thread may go on, and its thread
/// end, while round_robin::notify() of Boost.Fiber 1.74 still has its condition variable to notify, which
/// the end of the thread frees (docs/real-software.md, "The true races").
class Farewell {
 public:
  explicit Farewell(int threads) : running_(threads) {}
  void endTogether() {
    --running_;
    while (running_ > 0) std::this_thread::yield();
  }

 private:
  std::atomic<int> running_;
};

/// Yields deep in calls of its own.
int descend(int depth) {
  std::vector<int> values(4, depth);
  if (depth == 0)
    boost::this_fiber::yield();
  else
    descend(depth - 1);
  return std::accumulate(values.begin(), values.end(), 0);
}

void wander(fibers::mutex& lock, int& shared, int& own) {
  pid_t last = gettid();  // not pthread_self(), which compilers take for constant
  std::string text;
  for (int i = 0; i < kSteps; ++i) {
    require(descend(i % 4) == 4 * (i % 4), "locals are intact");
    ++own;  // no lock: it belongs to this fiber
    text += 'x';
    if (gettid() != last) {
      std::lock_guard guard(moves_lock);
      ++moves;
      last = gettid();
    }
    std::lock_guard guard(lock);
    ++shared;
  }
  require(text.size() == kSteps, "text is intact");
}

/// Fibers that any of the threads may run, with the scheduler that `Use` installs.
template <class Use>
void onThreads(Use use) {
  fibers::mutex lock;
  fibers::condition_variable_any all_done;
  int shared = 0, done = 0;
  std::atomic<int> ready = 0;
  Farewell farewell(kThreads);
  std::vector<int> own(kFibers);
  const auto begin = [&] {
    use();
    ++ready;
    while (ready < kThreads) std::this_thread::yield();
  };
  const auto waitForAll = [&] {
    std::unique_lock guard(lock);
    all_done.wait(guard, [&] { return done == kFibers; });
    guard.unlock();
    farewell.endTogether();
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < kThreads; ++i)
    threads.emplace_back([&] {
      begin();
      waitForAll();
    });
  std::thread([&] {
    begin();
    for (int i = 0; i < kFibers; ++i)
      fibers::fiber([&, i] {
        wander(lock, shared, own[i]);
        std::unique_lock guard(lock);
        if (++done == kFibers) all_done.notify_all();
      }).detach();
    waitForAll();
  }).join();
  for (std::thread& thread : threads) thread.join();
  require(shared == kFibers * kSteps, "the shared count");
  for (int count : own) require(count == kSteps, "each fiber's count");
}

/// Fibers of two threads that meet in channels, futures and barriers.
void acrossThreads() {
  fibers::buffered_channel<std::string> buffered(4);
  fibers::unbuffered_channel<int*> unbuffered;
  fibers::barrier barrier(2);
  Farewell farewell(2);
  fibers::promise<std::vector<int>> promise;
  fibers::future<std::vector<int>> future = promise.get_future();
  fibers::timed_mutex timed;
  fibers::recursive_mutex recursive;
  int meeting[2] = {}, timed_count = 0, recursive_count = 0;
  constexpr int kItems = 60;
  const auto countUnderLocks = [&] {
    for (int i = 0; i < kItems; ++i) {
      {
        std::lock_guard guard(timed);
        ++timed_count;
      }
      std::lock_guard outer(recursive);
      std::lock_guard inner(recursive);
      ++recursive_count;
    }
  };
  std::thread producer([&] {
    fibers::fiber strings([&] {
      for (int i = 0; i < kItems; ++i) buffered.push("a string that is too long for the object " + std::to_string(i));
      buffered.close();
    });
    fibers::fiber pointers([&] {
      for (int i = 0; i < kItems; ++i) unbuffered.push(new int(i));
      unbuffered.close();
    });
    fibers::fiber meets([&] {
      meeting[0] = 1;
      barrier.wait();
      require(meeting[1] == 2, "what the other wrote before the barrier");
      promise.set_value(std::vector<int>(100, 7));
    });
    fibers::fiber counts(countUnderLocks);
    strings.join();
    pointers.join();
    meets.join();
    counts.join();
    farewell.endTogether();
  });
  std::thread consumer([&] {
    size_t characters = 0;
    int sum = 0;
    fibers::fiber strings([&] {
      for (std::string& text : buffered) characters += text.size();
    });
    fibers::fiber pointers([&] {
      for (int* item : unbuffered) {
        sum += *item;
        delete item;
      }
    });
    fibers::fiber meets([&] {
      meeting[1] = 2;
      barrier.wait();
      require(meeting[0] == 1, "what the other wrote before the barrier");
      const std::vector<int> values = future.get();
      require(std::accumulate(values.begin(), values.end(), 0) == 700, "the future's value");
    });
    fibers::fiber counts(countUnderLocks);
    strings.join();
    pointers.join();
    meets.join();
    counts.join();
    farewell.endTogether();
    require(characters > kItems * 40u, "all characters");
    require(sum == kItems * (kItems - 1) / 2, "all items");
  });
  producer.join();
  consumer.join();
  require(timed_count == 2 * kItems && recursive_count == 2 * kItems, "counts under locks");
}

}  // namespace

int main() {
  for (int i = 0; i < 20 && (i == 0 || moves == 0); ++i)
    onThreads([] { fibers::use_scheduling_algorithm<fibers::algo::shared_work>(true); });
  require(moves > 0, "some fiber went on in another thread");
  onThreads([] { fibers::use_scheduling_algorithm<fibers::algo::work_stealing>(kThreads, true); });
  for (int i = 0; i < 3; ++i) acrossThreads();
  puts("boost_fiber: ok");
}
