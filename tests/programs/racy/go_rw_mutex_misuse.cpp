// Unlocking what is not locked throws and orders nothing.
// EXPECT: races=1
#include "hindsight/rw_mutex.h"
#include "threads.h"

hindsight::rw_mutex mutex;
int data;

int main() {
  runUnordered(
      [] {
        data = 1;
        try {
          mutex.unlock();
          abort();
        } catch (const hindsight::misuse&) {
        }
      },
      [] {
        mutex.lock();
        USE_VALUE(data);
        mutex.unlock();
      });
}
