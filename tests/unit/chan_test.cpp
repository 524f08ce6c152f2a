// chan_test.cpp - hindsight::chan as a channel, without any detector: order, blocking, life.
//
// What the detector sees of it is tested by tests/programs/{racy,clean}/chan_*.cpp.
#include "hindsight/chan.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using hindsight::chan;
using hindsight::chan_status;
using hindsight::closed_channel;
using hindsight::on_default;
using hindsight::on_receive;
using hindsight::on_send;
using hindsight::on_timeout;

/// How many threads wait to send (or to receive) now.
HINDSIGHT_UNINSTRUMENTED int waiting(hindsight::detail::ChannelCore& core, bool sending) {
  hindsight::detail::lock(core);
  int count = 0;
  for (auto* op = (sending ? core.senders : core.receivers).first; op != nullptr; op = op->next)
    ++count;
  hindsight::detail::unlock(core);
  return count;
}

/// Waits until `channel` has `count` threads queued on it.
template <class T>
void awaitBlocked(const chan<T>& channel, bool sending = false, int count = 1) {
  while (waiting(*channel.core(), sending) != count) std::this_thread::yield();
}

/// Counts its living instances; moving throws when told to.
struct Counted {
  static inline std::atomic<int> alive{0};
  static inline int throw_after_moves = -1;
  int value;

  explicit Counted(int v) : value(v) { ++alive; }
  Counted(Counted&& other) : value(other.value) {
    if (throw_after_moves >= 0 && throw_after_moves-- == 0) throw std::runtime_error("move");
    ++alive;
  }
  Counted& operator=(Counted&&) = default;
  ~Counted() { --alive; }
};

TEST(Chan, BufferedKeepsOrder) {
  chan<int> channel(4);
  for (int i = 0; i < 4; ++i) channel.send(i);
  EXPECT_EQ(channel.size(), 4u);
  EXPECT_EQ(channel.capacity(), 4u);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(channel.receive(), i);
  EXPECT_EQ(channel.size(), 0u);
}

TEST(Chan, OrderHoldsAcrossTheEndOfTheRing) {
  chan<std::string> channel(3);
  int next = 0;
  for (int i = 0; i < 100; ++i) {
    channel.send("element number " + std::to_string(i));
    if (i % 3 == 2)
      for (int k = 0; k < 3; ++k)
        EXPECT_EQ(channel.receive(), "element number " + std::to_string(next++));
  }
}

TEST(Chan, FullBufferBlocksTheSenderUntilAReceive) {
  chan<int> channel(1);
  channel.send(1);
  std::thread sender([channel] { channel.send(2); });
  awaitBlocked(channel, true);
  EXPECT_EQ(channel.size(), 1u);
  EXPECT_EQ(channel.receive(), 1);
  sender.join();
  EXPECT_EQ(channel.receive(), 2);
}

TEST(Chan, BlockedSendersAreServedInOrder) {
  chan<int> channel(0);
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([channel, i] { channel.send(i); });
    awaitBlocked(channel, true, i + 1);
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(channel.receive(), i);
  for (std::thread& sender : senders) sender.join();
}

TEST(Chan, UnbufferedSendWaitsForItsReceiver) {
  chan<int> channel(0);
  std::atomic<bool> sent{false};
  std::thread sender([&] {
    channel.send(7);
    sent = true;
  });
  awaitBlocked(channel, true);
  EXPECT_FALSE(sent);
  EXPECT_EQ(channel.receive(), 7);
  sender.join();
  EXPECT_TRUE(sent);
  EXPECT_EQ(channel.capacity(), 0u);
}

TEST(Chan, WaitingReceiverGetsTheElement) {
  for (std::size_t capacity : {0u, 1u, 5u}) {
    chan<std::unique_ptr<int>> channel(capacity);
    std::thread receiver([&] { EXPECT_EQ(**channel.receive(), 3); });
    awaitBlocked(channel);
    channel.send(std::make_unique<int>(3));
    receiver.join();
    EXPECT_EQ(channel.size(), 0u);
  }
}

TEST(Chan, CloseLetsTheBufferDrainThenReceivesNothing) {
  chan<int> channel(2);
  channel.send(1);
  channel.send(2);
  channel.close();
  EXPECT_EQ(channel.receive(), 1);
  int value = 0;
  EXPECT_TRUE(channel.receive(value));
  EXPECT_EQ(value, 2);
  EXPECT_EQ(channel.receive(), std::nullopt);
  EXPECT_FALSE(channel.receive(value));
  EXPECT_EQ(channel.try_receive(value), chan_status::closed);
  EXPECT_EQ(value, 2);
}

TEST(Chan, CloseWakesEveryReceiver) {
  chan<int> channel(0);
  std::vector<std::thread> receivers;
  for (int i = 0; i < 4; ++i)
    receivers.emplace_back([channel] { EXPECT_EQ(channel.receive(), std::nullopt); });
  awaitBlocked(channel, false, 4);
  channel.close();
  for (std::thread& receiver : receivers) receiver.join();
}

TEST(Chan, SendOnClosedThrows) {
  chan<int> channel(1);
  channel.close();
  EXPECT_THROW(channel.send(1), closed_channel);
  EXPECT_THROW(channel.try_send(1), closed_channel);
  EXPECT_THROW(hindsight::select(on_send(channel, 1), on_default()), closed_channel);
  EXPECT_THROW(channel.close(), closed_channel);
  EXPECT_THROW(chan<int>().close(), closed_channel);
}

TEST(Chan, CloseMakesAWaitingSenderThrowAndKeepsNothing) {
  {
    chan<Counted> channel(0);
    std::thread sender([channel] { EXPECT_THROW(channel.send(Counted(1)), closed_channel); });
    awaitBlocked(channel, true);
    channel.close();
    sender.join();
    EXPECT_FALSE(channel.receive().has_value());
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Chan, TrySendAndTryReceiveDoNotWait) {
  chan<std::string> channel(1);
  std::string out = "untouched";
  EXPECT_EQ(channel.try_receive(out), chan_status::not_ready);
  EXPECT_EQ(out, "untouched");
  std::string first = "a string too long for the small buffer";
  EXPECT_TRUE(channel.try_send(std::move(first)));
  std::string second = "another string too long for the small buffer";
  EXPECT_FALSE(channel.try_send(std::move(second)));
  EXPECT_EQ(second, "another string too long for the small buffer");
  EXPECT_EQ(channel.try_receive(out), chan_status::done);
  EXPECT_EQ(out, "a string too long for the small buffer");
  chan<int> unbuffered(0);
  EXPECT_FALSE(unbuffered.try_send(1));
}

TEST(Chan, RangeForEndsAtClose) {
  chan<int> channel(2);
  std::thread sender([channel] {
    for (int i = 1; i <= 100; ++i) channel.send(i);
    channel.close();
  });
  int sum = 0;
  for (int value : channel) sum += value;
  sender.join();
  EXPECT_EQ(sum, 5050);
}

TEST(Chan, RangeForWorksWithElementsThatOnlyMoveConstruct) {
  struct MoveConstructible {
    std::unique_ptr<int> value;
    explicit MoveConstructible(int v) : value(new int(v)) {}
    MoveConstructible(MoveConstructible&&) = default;
    MoveConstructible& operator=(MoveConstructible&&) = delete;
  };
  chan<MoveConstructible> channel(2);
  channel.send(MoveConstructible(1));
  channel.send(MoveConstructible(2));
  channel.close();
  int sum = 0;
  for (MoveConstructible& element : channel) sum += *element.value;
  EXPECT_EQ(sum, 3);
}

TEST(Chan, CopiesNameTheSameChannel) {
  chan<int> channel(1);
  chan<int> copy = channel;
  EXPECT_EQ(copy, channel);
  EXPECT_NE(copy, chan<int>(1));
  copy.send(1);
  EXPECT_EQ(channel.receive(), 1);
  chan<int> moved = std::move(copy);
  EXPECT_FALSE(copy);  // NOLINT(bugprone-use-after-move): moved from means nil
  EXPECT_EQ(moved, channel);
}

TEST(Chan, AChannelOfChannelsCarriesReplies) {
  struct Request {
    int number;
    chan<int> reply;
  };
  chan<Request> requests(0);
  std::thread server([requests] {
    for (Request request : requests) request.reply.send(request.number * 2);
  });
  for (int i = 0; i < 100; ++i) {
    Request request{i, chan<int>(1)};
    requests.send(request);
    EXPECT_EQ(request.reply.receive(), 2 * i);
  }
  requests.close();
  server.join();
}

TEST(Chan, ElementsNobodyReceivedAreDestroyed) {
  {
    chan<Counted> channel(5);
    for (int i = 0; i < 5; ++i) channel.send(Counted(i));
    EXPECT_EQ(channel.receive()->value, 0);
    channel.send(Counted(5));
    EXPECT_EQ(Counted::alive, 5);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Chan, AnExceptionFromMovingInLeavesTheChannelAlone) {
  {
    chan<Counted> channel(2);
    channel.send(Counted(1));
    Counted::throw_after_moves = 0;
    EXPECT_THROW(channel.send(Counted(2)), std::runtime_error);
    EXPECT_EQ(channel.size(), 1u);
    EXPECT_EQ(channel.receive()->value, 1);
    channel.send(Counted(3));
    EXPECT_EQ(channel.receive()->value, 3);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Chan, AnExceptionFromMovingOutLosesThatElementOnly) {
  {
    chan<Counted> channel(2);
    channel.send(Counted(1));
    channel.send(Counted(2));
    Counted::throw_after_moves = 0;
    EXPECT_THROW(channel.receive(), std::runtime_error);
    EXPECT_EQ(Counted::alive, 1);
    EXPECT_EQ(channel.receive()->value, 2);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Chan, EmptyAndOveralignedElements) {
  struct Empty {};
  chan<Empty> signals(1);
  signals.send({});
  EXPECT_TRUE(signals.receive().has_value());
  struct alignas(64) Aligned {
    char bytes[64];
  };
  chan<Aligned> lines(1);
  lines.send(Aligned{{'x'}});
  EXPECT_EQ(lines.receive()->bytes[0], 'x');
}

TEST(Chan, ACapacityThatNoMemoryHoldsThrows) {
  EXPECT_THROW(chan<int>(~std::size_t{0}), std::bad_alloc);
  EXPECT_THROW(chan<int>(~std::size_t{0} / 8), std::bad_alloc);
}

TEST(Chan, TheLastUserMayBeAWaitingOne) {
  // The receiver drops every handle the moment it is served, while the sender is still inside.
  for (int round = 0; round < 2000; ++round) {
    auto* channel = new chan<int>(0);
    std::thread sender([channel] { channel->send(1); });
    EXPECT_EQ(channel->receive(), 1);
    delete channel;
    sender.join();
  }
}

TEST(Select, PicksTheReadyCase) {
  chan<int> empty(1);
  chan<int> ready(1);
  ready.send(5);
  int got = 0;
  const std::size_t index =
      hindsight::select(on_receive(empty), on_receive(ready, [&](auto value) { got = *value; }));
  EXPECT_EQ(index, 1u);
  EXPECT_EQ(got, 5);
}

TEST(Select, TakesDefaultWhenNothingIsReady) {
  chan<int> channel(0);
  bool defaulted = false;
  EXPECT_EQ(hindsight::select(on_receive(channel), on_send(channel, 1),
                              on_default([&] { defaulted = true; })),
            2u);
  EXPECT_TRUE(defaulted);
}

TEST(Select, TimesOutNotBeforeTime) {
  chan<int> channel(0);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(hindsight::select(on_timeout(1h), on_receive(channel), on_timeout(20ms)), 2u);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
  EXPECT_EQ(hindsight::select(on_receive(channel), on_timeout(-5s)), 1u);
  // After a timeout nothing is left in the queue.
  EXPECT_EQ(channel.core()->receivers.first, nullptr);
}

TEST(Select, AVeryLongTimeoutDoesNotOverflow) {
  chan<int> channel(1);
  channel.send(1);
  EXPECT_EQ(hindsight::select(on_receive(channel), on_timeout(std::chrono::hours::max())), 0u);
  std::thread sender([channel] { channel.send(2); });
  EXPECT_EQ(hindsight::select(on_receive(channel), on_timeout(std::chrono::hours::max())), 0u);
  sender.join();
}

TEST(Select, NilChannelsAreNeverReady) {
  chan<int> nil;
  chan<int> channel(1);
  EXPECT_EQ(hindsight::select(on_send(nil, 1), on_send(channel, 2), on_receive(nil)), 1u);
  EXPECT_EQ(hindsight::select(on_receive(nil), on_send(nil, 1), on_timeout(1ms)), 2u);
  EXPECT_FALSE(nil.try_send(1));
  EXPECT_EQ(nil.size(), 0u);
}

TEST(Select, ReceivesFromClosedAtOnce) {
  chan<int> channel(0);
  channel.close();
  bool closed = false;
  EXPECT_EQ(
      hindsight::select(on_receive(channel, [&](auto value) { closed = !value; }), on_default()),
      0u);
  EXPECT_TRUE(closed);
}

TEST(Select, CloseWakesAWaitingSelect) {
  chan<int> a(0);
  chan<int> b(0);
  std::thread selector([&] {
    EXPECT_EQ(hindsight::select(on_receive(a),
                                on_receive(b, [](auto value) { EXPECT_FALSE(value.has_value()); })),
              1u);
  });
  awaitBlocked(b);
  b.close();
  selector.join();
  EXPECT_EQ(a.core()->receivers.first, nullptr);

  chan<int> c(0);
  std::thread sender(
      [&] { EXPECT_THROW(hindsight::select(on_receive(a), on_send(c, 1)), closed_channel); });
  awaitBlocked(c, true);
  c.close();
  sender.join();
}

TEST(Select, AnUnchosenRvalueStaysWithItsOwner) {
  chan<std::unique_ptr<int>> full(1);
  full.send(nullptr);
  auto value = std::make_unique<int>(9);
  EXPECT_EQ(hindsight::select(on_send(full, std::move(value)), on_timeout(1ms)), 1u);
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, 9);
  full.receive();
  EXPECT_EQ(hindsight::select(on_send(full, std::move(value)), on_timeout(1ms)), 0u);
  EXPECT_FALSE(value);
}

TEST(Select, AnLvalueIsCopied) {
  chan<std::string> channel(1);
  const std::string constant = "constant";
  std::string variable = "variable";
  EXPECT_EQ(hindsight::select(on_send(channel, constant)), 0u);
  EXPECT_EQ(channel.receive(), "constant");
  EXPECT_EQ(hindsight::select(on_send(channel, variable)), 0u);
  EXPECT_EQ(variable, "variable");
  EXPECT_EQ(channel.receive(), "variable");
  EXPECT_EQ(hindsight::select(on_send(channel, "literal")), 0u);
  EXPECT_EQ(channel.receive(), "literal");
}

TEST(Select, TheSameChannelMayOccurTwice) {
  chan<int> channel(1);
  EXPECT_EQ(hindsight::select(on_receive(channel), on_send(channel, 4)), 1u);
  EXPECT_EQ(hindsight::select(on_receive(channel), on_send(channel, 5)), 0u);
  chan<int> unbuffered(0);
  EXPECT_EQ(hindsight::select(on_receive(unbuffered), on_send(unbuffered, 1),
                              on_receive(unbuffered), on_timeout(1ms)),
            3u);
  std::thread other([&] { EXPECT_EQ(unbuffered.receive(), 1); });
  EXPECT_EQ(hindsight::select(on_send(unbuffered, 1), on_send(unbuffered, 1)) & ~1u, 0u);
  other.join();
}

TEST(Select, TwoSelectsMeet) {
  chan<int> a(0);
  chan<int> b(0);
  std::atomic<int> sum{0};
  const auto exchange = [&](int rounds) {
    for (int i = 0; i < rounds; ++i)
      hindsight::select(on_send(a, 1), on_receive(a, [&](auto value) { sum += *value; }),
                        on_send(b, 1), on_receive(b, [&](auto value) { sum += *value; }));
  };
  std::thread other(exchange, 20000);
  exchange(20000);
  other.join();
  EXPECT_EQ(sum, 20000);
}

TEST(Select, IsFairAmongReadyCases) {
  chan<int> nil;
  chan<int> channels[3] = {chan<int>(1), chan<int>(1), chan<int>(1)};
  int chosen[5] = {};
  for (int i = 0; i < 3000; ++i) {
    for (auto& channel : channels) channel.try_send(1);
    ++chosen[hindsight::select(on_receive(channels[0]), on_receive(nil), on_receive(nil),
                               on_receive(channels[1]), on_receive(channels[2]))];
  }
  for (int index : {0, 3, 4}) EXPECT_GT(chosen[index], 800);
}

struct Shape {
  std::size_t capacity;
  int senders;
  int receivers;
};

class ChanStress : public testing::TestWithParam<Shape> {};

TEST_P(ChanStress, EveryElementArrivesOnceAndInOrderOfItsSender) {
  const Shape shape = GetParam();
  constexpr int kEach = 20000;
  struct Element {
    int sender;
    int number;
    std::string text;  // not trivially copyable: travels in a block of its own
  };
  chan<Element> channel(shape.capacity);
  std::vector<std::thread> senders;
  std::vector<std::thread> receivers;
  std::vector<std::vector<Element>> received(static_cast<std::size_t>(shape.receivers));
  for (int s = 0; s < shape.senders; ++s)
    senders.emplace_back([=] {
      for (int i = 0; i < kEach; ++i)
        channel.send(Element{s, i, i % 100 == 0 ? std::string(40, 'x') : ""});
    });
  for (auto& mine : received)
    receivers.emplace_back([channel, &mine] {
      for (Element& element : channel) mine.push_back(std::move(element));
    });
  for (std::thread& sender : senders) sender.join();
  channel.close();
  for (std::thread& receiver : receivers) receiver.join();

  std::vector<int> count(static_cast<std::size_t>(shape.senders), 0);
  for (const auto& mine : received) {
    std::vector<int> last(count.size(), -1);
    for (const Element& element : mine) {
      const auto sender = static_cast<std::size_t>(element.sender);
      ASSERT_LT(last[sender], element.number);
      last[sender] = element.number;
      ++count[sender];
      ASSERT_EQ(element.text.size(), element.number % 100 == 0 ? 40u : 0u);
    }
  }
  for (int each : count) EXPECT_EQ(each, kEach);
}

INSTANTIATE_TEST_SUITE_P(Shapes, ChanStress,
                         testing::Values(Shape{0, 1, 1}, Shape{0, 4, 4}, Shape{1, 4, 4},
                                         Shape{3, 8, 1}, Shape{64, 1, 8}, Shape{16, 4, 4}));

TEST(ChanStress, EightThreadsSelectAmongThreeChannelsWithTimeouts) {
  constexpr int kEach = 10000;
  chan<std::unique_ptr<int>> channels[3] = {
      chan<std::unique_ptr<int>>(0), chan<std::unique_ptr<int>>(1), chan<std::unique_ptr<int>>(7)};
  std::atomic<long> received{0};
  std::atomic<int> closed{0};
  std::vector<std::thread> senders;
  std::vector<std::thread> receivers;
  for (int s = 0; s < 4; ++s)
    senders.emplace_back([&] {
      for (int i = 1; i <= kEach;) {
        const std::size_t index =
            hindsight::select(on_send(channels[0], std::make_unique<int>(i)),
                              on_send(channels[1], std::make_unique<int>(i)),
                              on_send(channels[2], std::make_unique<int>(i)), on_timeout(10us));
        if (index != 3) ++i;
      }
    });
  for (int r = 0; r < 4; ++r)
    receivers.emplace_back([&] {
      chan<std::unique_ptr<int>> open[3] = {channels[0], channels[1], channels[2]};
      const auto handler = [&](std::size_t k) {
        return [&, k](std::optional<std::unique_ptr<int>> value) {
          if (value)
            received += **value;
          else
            open[k] = {}, ++closed;
        };
      };
      while (open[0] || open[1] || open[2])
        hindsight::select(on_receive(open[0], handler(0)), on_receive(open[1], handler(1)),
                          on_receive(open[2], handler(2)), on_timeout(50us));
    });
  for (std::thread& sender : senders) sender.join();
  for (auto& channel : channels) channel.close();
  for (std::thread& receiver : receivers) receiver.join();
  EXPECT_EQ(received, 4L * kEach * (kEach + 1) / 2);
  EXPECT_EQ(closed, 12);
}

}  // namespace
