// atomics.cpp - data handed over by acquire and release operations only.
//
// Each pair of neighbouring threads is joined by a single-producer ring; messages travel once
// around a circle of all threads. Then all threads push to a lock-free list that one of them
// drains, and share reference-counted objects.
#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "kernel.h"

namespace {

struct Message {
  std::uint64_t number;
  std::uint64_t hops;
  std::uint64_t payload[2];
};

/// Waiting for another thread: first busily, then politely, at last asleep.
class Backoff {
 public:
  void wait() {
    ++rounds_;
    if (rounds_ < 16) return;
    if (rounds_ < 32) return std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::microseconds(20));
  }

 private:
  int rounds_ = 0;
};

/// Bounded single-producer single-consumer ring [Lamport 1983].
class Ring {
 public:
  bool tryPush(const Message& message) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == kCapacity) return false;
    slots_[tail % kCapacity] = message;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  bool tryPop(Message& message) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (tail_.load(std::memory_order_acquire) == head) return false;
    message = slots_[head % kCapacity];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

 private:
  static constexpr std::size_t kCapacity = 4096;

  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  alignas(64) std::array<Message, kCapacity> slots_;
};

void push(Ring& ring, const Message& message) {
  for (Backoff backoff; !ring.tryPush(message);) backoff.wait();
}

Message pop(Ring& ring) {
  Message message;
  for (Backoff backoff; !ring.tryPop(message);) backoff.wait();
  return message;
}

/// Thread 0 sends `count` messages around the circle and sums up what comes back.
std::uint64_t sendAround(int threads, long count) {
  std::vector<std::unique_ptr<Ring>> rings;
  for (int i = 0; i < threads; ++i) rings.push_back(std::make_unique<Ring>());
  std::uint64_t sum = 0;
  const auto relay = [&](int index) {
    Ring& in = *rings[static_cast<std::size_t>(index)];
    Ring& out = *rings[static_cast<std::size_t>((index + 1) % threads)];
    for (long i = 0; i < count; ++i) {
      Message message = pop(in);
      ++message.hops;
      message.payload[message.hops % 2] += message.number ^ message.hops;
      push(out, message);
    }
  };
  const auto originate = [&] {
    constexpr long kInFlight = 2048;  // less than a ring holds, or the circle could jam
    Ring& in = *rings[0];
    Ring& out = *rings[static_cast<std::size_t>(1 % threads)];
    for (long sent = 0, received = 0; received < count;) {
      Message message;
      if (sent < count && sent - received < kInFlight) {
        const auto number = static_cast<std::uint64_t>(sent++);
        push(out, {number, 0, {number, ~number}});
      } else {
        message = pop(in);
        kernel::require(message.number == static_cast<std::uint64_t>(received), "message order");
        sum += message.payload[0] + 3 * message.payload[1];
        ++received;
      }
    }
  };
  kernel::runThreads(threads, [&](int index) { index == 0 ? originate() : relay(index); });
  return sum;
}

/// An object shared by reference counting, as std::shared_ptr does it.
struct Shared {
  explicit Shared(std::uint64_t first_value) : value(first_value) {}
  std::uint64_t value;
  std::atomic<int> references{1};
};

Shared* share(Shared* object) {
  object->references.fetch_add(1, std::memory_order_relaxed);
  return object;
}

void release(Shared* object) {
  if (object->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete object;
}

/// A list that any thread pushes to and one thread takes as a whole (no ABA problem).
class Inbox {
 public:
  struct Node {
    Shared* object;
    Node* next;
  };

  void push(Node* node) {
    node->next = head_.load(std::memory_order_relaxed);
    while (!head_.compare_exchange_weak(node->next, node, std::memory_order_release,
                                        std::memory_order_relaxed)) {
    }
  }

  Node* takeAll() { return head_.exchange(nullptr, std::memory_order_acquire); }

 private:
  std::atomic<Node*> head_{nullptr};
};

/// All threads but the last post `count` objects in all; the last one reads them.
std::uint64_t postObjects(int threads, long count) {
  Inbox inbox;
  std::array<std::atomic<std::uint64_t>, 16> histogram{};
  std::uint64_t sum = 0;
  const int posters = threads > 1 ? threads - 1 : 1;
  const auto post = [&](int index) {
    const kernel::Slice objects = kernel::sliceOf(count, index, posters);
    for (long i = objects.begin; i < objects.end; ++i) {
      auto* object = new Shared(static_cast<std::uint64_t>(i) * 5);
      inbox.push(new Inbox::Node{share(object), nullptr});
      histogram[object->value % 16].fetch_add(1, std::memory_order_relaxed);
      release(object);
    }
  };
  const auto drain = [&] {
    Backoff backoff;
    for (long received = 0; received < count;) {
      Inbox::Node* node = inbox.takeAll();
      if (node == nullptr) {
        backoff.wait();
      } else {
        backoff = Backoff();
      }
      while (node != nullptr) {
        sum += node->object->value;
        release(node->object);
        delete std::exchange(node, node->next);
        ++received;
      }
    }
  };
  kernel::runThreads(posters + 1, [&](int index) { index == posters ? drain() : post(index); });
  for (const auto& bin : histogram) sum = sum * 31 + bin.load();
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 1'000'000);
  kernel::Checksum checksum;
  const std::uint64_t around = sendAround(threads, 4 * size);
  if (threads == 2) checksum.add(around);  // the number of hops depends on the circle's length
  checksum.add(postObjects(threads, size));
  return kernel::finish("atomics", checksum);
}
