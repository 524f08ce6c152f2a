// chan_edges_test.cpp - the edges of hindsight::chan are those of Go's memory model, all of them
// and no others.
//
// This program plays the detector (naive_detector.h).
// Threads send and receive at random; each operation has a start and an end. From the log, the
// happens-before relation is computed again, as the transitive closure of program order and the
// rules in chan.h, and compared with the clocks for every pair of events.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bitset>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "hindsight/chan.h"
#include "naive_detector.h"

namespace {

using namespace naive_detector;

// ---- the log ------------------------------------------------------------------------------------

enum class Operation { Send, Receive, Close, ReceiveClosed };

struct Record {
  Operation operation;
  int number;  // k: the k-th send or receive of the channel
  Event start;
  Event end;
};

template <class Body>
void logged(std::vector<Record>& log, Body body) {
  Record record{};
  record.start = mark();
  std::tie(record.operation, record.number) = body();
  record.end = mark();
  log.push_back(record);
}

// ---- the rules ----------------------------------------------------------------------------------

constexpr std::size_t kMaxNodes = 1600;
using Nodes = std::bitset<kMaxNodes>;

/// Node 2i is the start of log[i], 2i + 1 its end. Returns who reaches whom.
std::vector<Nodes> closure(const std::vector<Record>& log, int capacity) {
  std::vector<std::vector<std::size_t>> before(2 * log.size());
  std::map<int, std::size_t> sends;
  std::map<int, std::size_t> receives;
  std::map<int, std::size_t> last_of_thread;
  std::optional<std::size_t> close;
  for (std::size_t i = 0; i < log.size(); ++i) {
    before[2 * i + 1].push_back(2 * i);
    auto [last, first_of_thread] = last_of_thread.emplace(log[i].start.thread, i);
    if (!first_of_thread) before[2 * i].push_back(2 * last->second + 1);
    last->second = i;
    if (log[i].operation == Operation::Send) sends[log[i].number] = i;
    if (log[i].operation == Operation::Receive) receives[log[i].number] = i;
    if (log[i].operation == Operation::Close) close = i;
  }
  for (auto [k, receive] : receives) {
    before[2 * receive + 1].push_back(2 * sends.at(k));
    if (auto send = sends.find(k + capacity); send != sends.end())
      before[2 * send->second + 1].push_back(2 * receive);
  }
  for (std::size_t i = 0; i < log.size(); ++i)
    if (log[i].operation == Operation::ReceiveClosed) before[2 * i + 1].push_back(2 * *close);

  std::vector<Nodes> reached_from(before.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t node = 0; node < before.size(); ++node) {
      Nodes all = reached_from[node];
      all.set(node);
      for (std::size_t each : before[node]) all |= reached_from[each];
      changed |= all != reached_from[node];
      reached_from[node] = all;
    }
  }
  return reached_from;
}

void compare(const std::vector<std::vector<Record>>& logs, int capacity, unsigned seed) {
  std::vector<Record> log;
  for (const auto& each : logs) log.insert(log.end(), each.begin(), each.end());
  ASSERT_LE(2 * log.size(), kMaxNodes);
  const std::vector<Nodes> reached_from = closure(log, capacity);
  const auto event = [&](std::size_t node) -> const Event& {
    return node % 2 == 0 ? log[node / 2].start : log[node / 2].end;
  };
  for (std::size_t a = 0; a < 2 * log.size(); ++a)
    for (std::size_t b = 0; b < 2 * log.size(); ++b) {
      const bool expected = reached_from[b].test(a);
      ASSERT_EQ(happensBefore(event(a), event(b)), expected)
          << "seed " << seed << ", capacity " << capacity << ": " << (a % 2 == 0 ? "start" : "end")
          << " of operation " << static_cast<int>(log[a / 2].operation) << " number "
          << log[a / 2].number << " of thread " << event(a).thread << " before "
          << (b % 2 == 0 ? "start" : "end") << " of operation "
          << static_cast<int>(log[b / 2].operation) << " number " << log[b / 2].number
          << " of thread " << event(b).thread;
    }
}

// ---- the programs -------------------------------------------------------------------------------

void maybeDelay(std::minstd_rand& random) {
  if (random() % 4 == 0) std::this_thread::yield();
  if (random() % 16 == 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
}

int receiveNumber(const hindsight::chan<int>& channel, std::minstd_rand& random) {
  int number = -1;
  const auto handler = [&](std::optional<int> value) { number = value.value_or(-1); };
  const hindsight::chan<int> other(0);
  switch (random() % 3) {
    case 0:
      return channel.receive().value_or(-1);
    case 1:
      hindsight::select(hindsight::on_receive(channel, handler), hindsight::on_receive(other));
      return number;
    default:
      while (hindsight::select(hindsight::on_receive(channel, handler),
                               hindsight::on_timeout(std::chrono::microseconds(20))) != 0) {
      }
      return number;
  }
}

/// One thread sends 0, 1, 2, ... and closes: the element is its own number in the channel.
void oneSender(int capacity, int receivers, unsigned seed) {
  constexpr int kElements = 250;
  const hindsight::chan<int> channel(static_cast<std::size_t>(capacity));
  std::vector<std::vector<Record>> logs(static_cast<std::size_t>(receivers) + 1);
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    start(0);
    std::minstd_rand random(seed);
    for (int k = 0; k < kElements; ++k) {
      maybeDelay(random);
      logged(logs[0], [&] {
        if (random() % 2 == 0)
          channel.send(k);
        else
          hindsight::select(hindsight::on_send(channel, k));
        return std::pair(Operation::Send, k);
      });
    }
    logged(logs[0], [&] {
      channel.close();
      return std::pair(Operation::Close, 0);
    });
  });
  for (int r = 1; r <= receivers; ++r)
    threads.emplace_back([&, r] {
      start(r);
      std::minstd_rand random(seed + static_cast<unsigned>(r));
      for (bool open = true; open;) {
        maybeDelay(random);
        logged(logs[static_cast<std::size_t>(r)], [&] {
          const int number = receiveNumber(channel, random);
          open = number >= 0;
          return std::pair(open ? Operation::Receive : Operation::ReceiveClosed, number);
        });
      }
    });
  for (std::thread& thread : threads) thread.join();
  compare(logs, capacity, seed);
}

/// One thread receives: the n-th element that it gets is the n-th of the channel.
void oneReceiver(int capacity, int senders, unsigned seed) {
  constexpr int kElements = 80;
  const hindsight::chan<int> channel(static_cast<std::size_t>(capacity));
  std::vector<std::vector<Record>> logs(static_cast<std::size_t>(senders) + 1);
  std::vector<std::thread> threads;
  for (int s = 1; s <= senders; ++s)
    threads.emplace_back([&, s] {
      start(s);
      std::minstd_rand random(seed + static_cast<unsigned>(s));
      for (int k = 0; k < kElements; ++k) {
        maybeDelay(random);
        logged(logs[static_cast<std::size_t>(s)], [&] {
          channel.send(s * kElements + k);
          return std::pair(Operation::Send, -1);  // not known yet
        });
      }
    });
  std::vector<int> order;
  threads.emplace_back([&] {
    start(0);
    std::minstd_rand random(seed);
    for (int k = 0; k < senders * kElements; ++k) {
      maybeDelay(random);
      logged(logs[0], [&] {
        order.push_back(receiveNumber(channel, random));
        return std::pair(Operation::Receive, k);
      });
    }
  });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t k = 0; k < order.size(); ++k)
    logs[static_cast<std::size_t>(order[k] / kElements)]
        [static_cast<std::size_t>(order[k] % kElements)]
            .number = static_cast<int>(k);
  compare(logs, capacity, seed);
}

unsigned seedOfRun() {
  const unsigned seed = std::random_device()();
  std::printf("seed %u\n", seed);
  return seed;
}

TEST(ChanEdges, OneSenderAndSeveralReceivers) {
  unsigned seed = seedOfRun();
  for (int capacity : {0, 1, 2, 5})
    for (int receivers : {1, 2, 4}) {
      oneSender(capacity, receivers, seed++);
      if (HasFatalFailure()) return;
    }
}

TEST(ChanEdges, SeveralSendersAndOneReceiver) {
  unsigned seed = seedOfRun();
  for (int capacity : {0, 1, 2, 5})
    for (int senders : {1, 2, 4}) {
      oneReceiver(capacity, senders, seed++);
      if (HasFatalFailure()) return;
    }
}

}  // namespace
