// Three readers are not ordered: two of them write under the read lock.
// EXPECT: races=1
#include "hindsight/rw_mutex.h"
#include "threads.h"

hindsight::rw_mutex mutex;
int hits;

__attribute__((noinline)) void count() {
  mutex.lock_shared();
  hits++;  // should be under the write lock
  mutex.unlock_shared();
}

int main() {
  runUnordered([] { count(); },
               [] {
                 mutex.lock_shared();  // the third
                 count();
                 mutex.unlock_shared();
               });
}
