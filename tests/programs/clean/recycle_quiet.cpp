// The clean twin: two threads that release all the time, short threads that come and go, a block
// that is handed round under a lock, and an idle main thread. With few stamps, all are used again
// many times; nothing is reported.
// ENV: HINDSIGHT=stamp_chunks=12
#include <atomic>

#include "threads.h"

pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int* block;
int written, read_by_two;

static void release(std::atomic<int>& object, int times) {
  for (int i = 0; i < times; i++) object.store(i, std::memory_order_release);
}

static void handRound(int times) {
  for (int i = 0; i < times; i++) {
    pthread_mutex_lock(&lock);
    if (i % 16 == 0) {
      delete[] block;
      block = new int[64]();
    }
    block[i % 64]++;
    pthread_mutex_unlock(&lock);
  }
}

int main() {
  block = new int[64]();
  std::atomic<int> one{0}, other{0};
  for (int round = 0; round < 2; round++) {
    runThreads(
        [&] {
          USE_VALUE(read_by_two);
          release(one, 150000);
          handRound(3000);
        },
        [&] {
          USE_VALUE(read_by_two);
          handRound(3000);
          release(other, 150000);
        },
        [&] {
          written++;
          for (int i = 0; i < 100; i++) runThreads([] { handRound(30); });
        });
    written++;
    read_by_two++;
  }
  delete[] block;
}
