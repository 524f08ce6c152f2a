// string_queue.cpp - producers pass log lines to consumers through a bounded queue.
//
// Mutex, two condition variables, and strings that one thread allocates and another one frees.
// Half of the threads produce and half consume (at least one of each).
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kernel.h"

namespace {

/// Thread safety: all methods may be called concurrently.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  void push(T value) {
    {
      std::unique_lock lock(mutex_);
      not_full_.wait(lock, [&] { return items_.size() < capacity_; });
      items_.push_back(std::move(value));
    }
    not_empty_.notify_one();
  }

  /// Empty once the queue is closed and drained.
  std::optional<T> pop() {
    std::optional<T> result;
    {
      std::unique_lock lock(mutex_);
      not_empty_.wait(lock, [&] { return !items_.empty() || closed_; });
      if (items_.empty()) return result;
      result = std::move(items_.front());
      items_.pop_front();
    }
    not_full_.notify_one();
    return result;
  }

  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    not_empty_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<T> items_;
  const std::size_t capacity_;
  bool closed_ = false;
};

constexpr std::string_view kWords[] = {"request", "from",  "client", "accepted", "by",
                                       "worker",  "cache", "miss",   "refused",  "timeout"};

std::string makeLine(std::uint64_t number) {
  kernel::Random random(number);
  std::string line = std::to_string(number);
  const std::uint64_t words = 1 + random.below(16);
  for (std::uint64_t i = 0; i < words; ++i) {
    line += ' ';
    line += kWords[random.below(std::size(kWords))];
    if (random.below(4) == 0) line += std::to_string(random.below(1000));
  }
  return line;
}

/// Counts the words of lines, and remembers the sum of the lines' numbers.
struct Statistics {
  std::unordered_map<std::string, std::uint64_t> words;
  std::uint64_t numbers = 0;
  std::uint64_t lines = 0;

  void add(const std::string& line) {
    std::string_view rest = line;
    bool first = true;
    while (!rest.empty()) {
      const std::size_t length = std::min(rest.find(' '), rest.size());
      const std::string_view word = rest.substr(0, length);
      if (first) {
        numbers += std::stoull(std::string(word));
      } else {
        ++words[std::string(word)];
      }
      first = false;
      rest.remove_prefix(std::min(length + 1, rest.size()));
    }
    ++lines;
  }

  void merge(const Statistics& other) {
    for (const auto& [word, count] : other.words) words[word] += count;
    numbers += other.numbers;
    lines += other.lines;
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 400'000);
  const int producers = std::max(1, threads / 2);
  const int consumers = std::max(1, threads - producers);

  BoundedQueue<std::string> queue(256);
  std::mutex total_mutex;
  Statistics total;
  std::thread producing([&, size = size] {
    kernel::runThreads(producers, [&](int index) {
      const kernel::Slice lines = kernel::sliceOf(size, index, producers);
      for (long i = lines.begin; i < lines.end; ++i)
        queue.push(makeLine(static_cast<std::uint64_t>(i)));
    });
    queue.close();
  });
  kernel::runThreads(consumers, [&](int) {
    Statistics statistics;
    while (const std::optional<std::string> line = queue.pop()) statistics.add(*line);
    std::lock_guard lock(total_mutex);
    total.merge(statistics);
  });
  producing.join();

  const auto lines = static_cast<std::uint64_t>(size);
  kernel::require(total.lines == lines, "number of lines");
  kernel::require(total.numbers == lines * (lines - 1) / 2, "sum of the line numbers");

  std::vector<std::pair<std::string, std::uint64_t>> sorted(total.words.begin(), total.words.end());
  std::sort(sorted.begin(), sorted.end());
  kernel::Checksum checksum;
  for (const auto& [word, count] : sorted) {
    for (const char letter : word) checksum.add(static_cast<std::uint64_t>(letter));
    checksum.add(count);
  }
  return kernel::finish("string_queue", checksum);
}
