// threads.cpp - what the number of live threads costs: `threads THREADS SIZE`.
//
// All threads are there at once and share the work: SIZE tasks from one counter, each with some
// private computation and a short critical section on one of 64 locks. Verified: the sum.
#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "../kernels/kernel.h"

namespace {

struct alignas(64) Account {
  std::mutex mutex;
  std::uint64_t balance = 0;
  std::uint64_t bookings = 0;
};

/// Some work on memory of the thread's own.
std::uint64_t compute(std::array<std::uint64_t, 64>& scratch, std::uint64_t seed) {
  kernel::Random random(seed);
  for (std::uint64_t& word : scratch) word = random.next();
  std::sort(scratch.begin(), scratch.end());
  return scratch[seed % scratch.size()] % 1000;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 100'000);
  std::array<Account, 64> accounts;
  std::atomic<long> next_task{0};
  std::atomic<int> started{0};
  std::mutex gate;
  std::unique_lock closed(gate);
  std::thread opener([&, threads = threads] {
    while (started.load() < threads) std::this_thread::yield();
  });
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&, size = size] {
      ++started;
      { const std::lock_guard wait(gate); }  // nobody works before all are there
      std::array<std::uint64_t, 64> scratch;
      for (long task; (task = next_task.fetch_add(1, std::memory_order_relaxed)) < size;) {
        const std::uint64_t amount = compute(scratch, static_cast<std::uint64_t>(task));
        Account& account = accounts[static_cast<std::size_t>(task) % accounts.size()];
        const std::lock_guard lock(account.mutex);
        account.balance += amount;
        ++account.bookings;
      }
    });
  }
  opener.join();
  closed.unlock();
  for (std::thread& worker : workers) worker.join();

  std::uint64_t total = 0;
  std::uint64_t bookings = 0;
  for (const Account& account : accounts) {
    total += account.balance;
    bookings += account.bookings;
  }
  kernel::require(bookings == static_cast<std::uint64_t>(size), "every task once");
  kernel::Checksum checksum;
  checksum.add(total);
  return kernel::finish("threads", checksum);
}
