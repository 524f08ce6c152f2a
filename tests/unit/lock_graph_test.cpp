// The graph of lock orders against the rules in its header, and against a naive search on random traces.
#include "sync/lock_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <vector>

namespace hindsight {
namespace {

struct Held {
  uptr lock;
  bool shared = false;
};

/// `thread` takes `wanted` while it holds `held`; the cycle's locks, none if none.
std::vector<uptr> take(LockGraph& graph, u32 thread, const std::vector<Held>& held, Held wanted) {
  std::vector<LockGraph::Lock> locks;
  for (const Held& one : held) locks.push_back({one.lock, one.shared, 0});
  LockGraph::Cycle cycle;
  std::vector<uptr> found;
  if (graph.add(thread, locks.data(), static_cast<u32>(locks.size()), {wanted.lock, wanted.shared, 0}, cycle))
    for (u32 i = 0; i < cycle.count; ++i) {
      EXPECT_EQ(cycle.links[i].second, cycle.links[(i + 1) % cycle.count].first);
      found.push_back(cycle.links[i].first);
    }
  return found;
}

class LockGraphTest : public testing::Test {
 protected:
  ~LockGraphTest() override { graph_.clear(); }
  size_t cycleOf(u32 thread, const std::vector<Held>& held, Held wanted) {
    return take(graph_, thread, held, wanted).size();
  }
  LockGraph graph_;
};

TEST_F(LockGraphTest, OppositeOrdersOfTwoThreadsAreACycle) {
  EXPECT_EQ(cycleOf(1, {{10}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{20}}, {10}), 2u);
}

TEST_F(LockGraphTest, OneThreadMeetsNobodyUntilAnotherTakesTheSameWay) {
  EXPECT_EQ(cycleOf(1, {{10}}, {20}), 0u);
  EXPECT_EQ(cycleOf(1, {{20}}, {10}), 0u);
  EXPECT_EQ(cycleOf(2, {{10}}, {20}), 2u);
}

TEST_F(LockGraphTest, ACycleIsReturnedOnce) {
  EXPECT_EQ(cycleOf(1, {{10}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{20}}, {10}), 2u);
  EXPECT_EQ(cycleOf(3, {{20}}, {10}), 0u);
  EXPECT_EQ(cycleOf(4, {{10}}, {20}), 0u);
}

TEST_F(LockGraphTest, CyclesMayBeLong) {
  for (uptr lock = 1; lock < 20; ++lock)
    EXPECT_EQ(cycleOf(static_cast<u32>(lock), {{lock}}, {lock + 1}), 0u);
  EXPECT_EQ(cycleOf(99, {{20}}, {1}), 20u);
}

TEST_F(LockGraphTest, TheShortestCycleIsReturned) {
  for (uptr lock = 1; lock < 6; ++lock) cycleOf(1, {{lock}}, {lock + 1});
  cycleOf(2, {{1}}, {6});
  EXPECT_EQ(cycleOf(3, {{6}}, {1}), 2u);
}

TEST_F(LockGraphTest, AGateKeepsTwoEdgesApart) {
  EXPECT_EQ(cycleOf(1, {{5}, {10}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{5}, {20}}, {10}), 0u);
  EXPECT_EQ(cycleOf(3, {{20}}, {10}), 2u) << "not all of them hold the gate";
}

TEST_F(LockGraphTest, AGateOfReadersIsNone) {
  EXPECT_EQ(cycleOf(1, {{5, true}, {10}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{5, true}, {20}}, {10}), 2u);
}

TEST_F(LockGraphTest, AGateThatOneOfThemWritesIsOne) {
  EXPECT_EQ(cycleOf(1, {{5, true}, {10}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{5, false}, {20}}, {10}), 0u);
}

TEST_F(LockGraphTest, ReadersDoNotKeepReadersOut) {
  EXPECT_EQ(cycleOf(1, {{10, true}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{20}}, {10, true}), 0u);
  EXPECT_EQ(cycleOf(3, {{20}}, {10, false}), 2u);
}

TEST_F(LockGraphTest, ALockHeldEarlierIsInOrderToo) {
  EXPECT_EQ(cycleOf(1, {{10}, {15}}, {20}), 0u);
  EXPECT_EQ(cycleOf(2, {{20}}, {10}), 2u);
}

TEST_F(LockGraphTest, ARemovedLockTakesItsEdgesAlong) {
  cycleOf(1, {{10}}, {20});
  EXPECT_EQ(graph_.edges(), 1u);
  EXPECT_TRUE(graph_.remove(10));
  EXPECT_FALSE(graph_.remove(10));
  EXPECT_EQ(graph_.edges(), 0u);
  EXPECT_EQ(cycleOf(2, {{20}}, {10}), 0u);
}

TEST_F(LockGraphTest, MemoryIsBoundedByLiveLocks) {
  for (uptr lock = 100; lock < 100'000; ++lock) {
    cycleOf(1, {{1}}, {lock});
    graph_.remove(lock);
  }
  EXPECT_EQ(graph_.nodes(), 1u);
  EXPECT_EQ(graph_.edges(), 0u);
}

TEST_F(LockGraphTest, ManyLocksInOneOrderCostLittle) {
  // Each edge was searched for through all those before: this took minutes, and programs hung.
  constexpr uptr kLocks = 1000;
  std::mt19937 random(1);
  for (int i = 0; i < 200'000; ++i) {
    const uptr first = 1 + random() % (kLocks - 1);
    ASSERT_EQ(cycleOf(i % 2, {{first}}, {first + 1 + random() % (kLocks - first)}), 0u);
  }
  cycleOf(1, {{17}}, {911});
  EXPECT_EQ(cycleOf(2, {{911}}, {17}), 2u);
}

/// All that was ever taken, and the three rules, without any of the graph's economies.
class NaiveOrder {
 public:
  void add(u32 thread, const std::vector<Held>& held, Held wanted) {
    for (const Held& first : held)
      if (first.lock != wanted.lock) ways_.push_back({thread, held, first, wanted});
  }
  bool hasCycle() const {
    std::vector<const Way*> path;
    for (const Way& way : ways_) {
      path = {&way};
      if (closes(path)) return true;
    }
    return false;
  }

 private:
  struct Way {
    u32 thread;
    std::vector<Held> held;
    Held first, wanted;
  };

  static bool conflict(const Way& a, const Way& b) {
    for (const Held& x : a.held)
      for (const Held& y : b.held)
        if (x.lock == y.lock && !(x.shared && y.shared)) return true;
    return false;
  }

  bool closes(std::vector<const Way*>& path) const {
    const Way& last = *path.back();
    if (last.wanted.lock == path[0]->first.lock) {
      if (last.wanted.shared && path[0]->first.shared) return false;
      std::set<u32> threads;
      for (const Way* way : path) threads.insert(way->thread);
      return threads.size() > 1;
    }
    for (const Way& next : ways_) {
      if (next.first.lock != last.wanted.lock || (next.first.shared && last.wanted.shared)) continue;
      bool fits = true;
      for (const Way* way : path)
        fits = fits && !conflict(*way, next) && way->first.lock != next.first.lock;
      if (!fits) continue;
      path.push_back(&next);
      if (closes(path)) return true;
      path.pop_back();
    }
    return false;
  }

  std::vector<Way> ways_;
};

TEST_F(LockGraphTest, AgreesWithANaiveSearchOnRandomTraces) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  u32 with_cycle = 0;
  for (int round = 0; round < 2000; ++round) {
    graph_.clear();
    NaiveOrder naive;
    bool found = false;
    for (int step = 0; step < 8 && !found; ++step) {
      std::vector<uptr> locks = {1, 2, 3, 4, 5};
      std::shuffle(locks.begin(), locks.end(), random);
      std::vector<Held> held;
      const size_t count = 1 + random() % 3;
      for (size_t i = 0; i < count; ++i) held.push_back({locks[i], random() % 3 == 0});
      const Held wanted{locks[count], random() % 3 == 0};
      const u32 thread = random() % 3;
      naive.add(thread, held, wanted);
      found = !take(graph_, thread, held, wanted).empty();
      ASSERT_EQ(found, naive.hasCycle()) << "round " << round << ", step " << step;
    }
    with_cycle += found;
  }
  EXPECT_GT(with_cycle, 200u);
  EXPECT_LT(with_cycle, 1900u);
}

/// Edges between a few locks, and the paths that they make.
class Paths {
 public:
  static constexpr size_t kLocks = 30;

  bool exists(size_t from, size_t to) const { return paths_[from][to]; }
  void add(size_t from, size_t to) {
    edges_[from][to] = true;
    for (size_t a = 0; a < kLocks; ++a)
      for (size_t b = 0; b < kLocks; ++b)
        paths_[a][b] |= (a == from || paths_[a][from]) && (b == to || paths_[to][b]);
  }
  void remove(size_t lock) {
    const auto old = edges_;
    *this = {};
    for (size_t a = 0; a < kLocks; ++a)
      for (size_t b = 0; b < kLocks; ++b)
        if (old[a][b] && a != lock && b != lock) add(a, b);
  }

 private:
  using Matrix = std::array<std::array<bool, kLocks>, kLocks>;
  Matrix edges_{}, paths_{};
};

TEST_F(LockGraphTest, FindsTheFirstCycleOfLargeRandomGraphs) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::array<size_t, Paths::kLocks> order;
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  int cycles = 0;
  for (int round = 0; round < 200; ++round) {
    graph_.clear();
    Paths paths;
    std::shuffle(order.begin(), order.end(), random);
    for (u32 step = 0; step < 300; ++step) {
      size_t first = random() % order.size(), second = random() % order.size();
      if (first == second) continue;
      if (first > second && random() % 100 != 0) std::swap(first, second);  // mostly in order
      const size_t from = order[first], to = order[second];
      const bool expected = paths.exists(to, from);
      ASSERT_EQ(cycleOf(step, {{from + 1}}, {to + 1}) != 0, expected) << "round " << round << ", step " << step;
      cycles += expected;
      if (expected) {  // one of its locks goes, and the order is whole again
        graph_.remove(from + 1);
        paths.remove(from);
        continue;
      }
      paths.add(from, to);
      if (random() % 20 == 0) {
        graph_.remove(to + 1);
        paths.remove(to);
      }
    }
  }
  EXPECT_GT(cycles, 50);
}

}  // namespace
}  // namespace hindsight
