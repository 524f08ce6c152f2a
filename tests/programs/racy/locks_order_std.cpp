// std::mutex and std::shared_mutex by their guards.
// EXPECT: reports=1
// EXPECT: contains "WARNING: POTENTIAL DEADLOCK"
#include <mutex>
#include <shared_mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  std::shared_mutex history;
};

int main() {
  Account account;
  std::thread first([&] {
    std::lock_guard<std::mutex> guard(account.mutex);
    std::unique_lock<std::shared_mutex> writing(account.history);
  });
  first.join();
  std::thread second([&] {
    std::shared_lock<std::shared_mutex> reading(account.history);
    std::lock_guard<std::mutex> guard(account.mutex);
  });
  second.join();
}
