// Mutexes that are destroyed, or whose memory is freed, leave the order: others come to lie where they
// were and are taken in the opposite order.
#include <mutex>

#include "threads.h"

pthread_mutex_t a, b;

template <class Body>
static void takeInThread(Body body) {
  runThreads(body);
}

struct Pair {
  std::mutex a, b;
};

int main() {
  for (int round = 0; round < 4; round++) {
    pthread_mutex_init(&a, nullptr);
    pthread_mutex_init(&b, nullptr);
    takeInThread([=] {
      pthread_mutex_t* const order[] = {&a, &b, &a};
      for (int i = 0; i < 2; i++) pthread_mutex_lock(order[round % 2 + i]);
      pthread_mutex_unlock(&a);
      pthread_mutex_unlock(&b);
    });
    pthread_mutex_destroy(&a);
    pthread_mutex_destroy(&b);

    auto* pair = new Pair;
    takeInThread([=] {
      std::mutex* const order[] = {&pair->a, &pair->b, &pair->a};
      for (int i = 0; i < 2; i++) order[round % 2 + i]->lock();
      pair->a.unlock();
      pair->b.unlock();
    });
    delete pair;
  }
}
