// moodycamel.cpp - moodycamel's ConcurrentQueue with producer tokens, header-only.
//
// Half of the threads produce small messages with a heap string, the others consume them, singly
// and in bulk. (Producers without a token share blocks with too weak an order in this version,
// docs/real-software.md, so they are not used.) Verified: every message arrives once, in order.
#include <concurrentqueue/concurrentqueue.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <utility>

#include "../kernels/kernel.h"

namespace {

struct Message {
  int producer = -1;
  long sequence = -1;
  std::string text;
};

std::string textOf(long sequence) { return "message number " + std::to_string(sequence); }

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 500'000);
  const int producers = std::max(1, threads / 2);
  const int consumers = std::max(1, threads - producers);

  moodycamel::ConcurrentQueue<Message> queue;
  std::atomic<long> left{size};
  std::atomic<std::uint64_t> sum{0};
  const auto produce = [&, size = size](int index) {
    moodycamel::ProducerToken token(queue);
    const kernel::Slice messages = kernel::sliceOf(size, index, producers);
    for (long i = messages.begin; i < messages.end; ++i) {
      kernel::require(queue.enqueue(token, Message{index, i, textOf(i)}), "memory");
    }
  };
  const auto consume = [&] {
    moodycamel::ConsumerToken token(queue);
    std::vector<long> last(static_cast<std::size_t>(producers), -1);
    std::array<Message, 8> batch;
    std::uint64_t own_sum = 0;
    while (left.load(std::memory_order_relaxed) > 0) {
      const std::size_t got = queue.try_dequeue_bulk(token, batch.begin(), batch.size());
      for (std::size_t i = 0; i < got; ++i) {
        const Message& message = batch[i];
        long& before = last[static_cast<std::size_t>(message.producer)];
        kernel::require(message.sequence > before, "order within a producer");
        kernel::require(message.text == textOf(message.sequence), "text of a message");
        before = message.sequence;
        own_sum += static_cast<std::uint64_t>(message.sequence);
      }
      left.fetch_sub(static_cast<long>(got), std::memory_order_relaxed);
      if (got == 0) std::this_thread::yield();
    }
    sum += own_sum;
  };
  kernel::runThreads(producers + consumers,
                     [&](int index) { index < producers ? produce(index) : consume(); });

  const auto count = static_cast<std::uint64_t>(size);
  kernel::require(sum.load() == count * (count - 1) / 2, "each message once");
  kernel::Checksum checksum;
  checksum.add(sum.load());
  return kernel::finish("moodycamel", checksum);
}
