// atomic::wait and notify, acquire and release: a ball goes to and fro.
#include <atomic>

#include "threads.h"

std::atomic<int> state;
int data;

int main() {
  runThreadsIndexed(2, [](int me) {
    for (int n = 0; n < 150; n++) {
      for (int now; (now = state.load(std::memory_order_acquire)) != me;)
        state.wait(now, std::memory_order_acquire);
      data++;
      state.store(1 - me, std::memory_order_release);
      state.notify_one();
    }
  });
}
