// A handler with SA_RESETHAND runs once, though its signal comes to two threads at the same time: what comes later finds
// the default action, which for SIGURG is to ignore it.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "schedule.h"

static constexpr int kRounds = 3'000;
static std::atomic<int> handled;

static void onSignal(int) { handled.fetch_add(1, std::memory_order_relaxed); }

int main() {
  std::thread other([] {
    for (int round = 0; round < kRounds; round++) {
      barrierUninstrumented(2);
      raise(SIGURG);
      barrierUninstrumented(2);
    }
  });
  for (int round = 0; round < kRounds; round++) {
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGURG, &action, nullptr);
    barrierUninstrumented(2);
    raise(SIGURG);
    barrierUninstrumented(2);
    if (handled != round + 1) abort();
  }
  other.join();
}
