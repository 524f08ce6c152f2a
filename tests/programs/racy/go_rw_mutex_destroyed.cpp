// A lock that is destroyed while a reader may still come.
// EXPECT: races>=1
// EXPECT: contains "lock_shared"
#include "hindsight/rw_mutex.h"
#include "threads.h"

int main() {
  auto* mutex = new hindsight::rw_mutex;
  runUnordered(
      [=] {
        mutex->lock_shared();
        mutex->unlock_shared();
      },
      [=] { delete mutex; });
}
