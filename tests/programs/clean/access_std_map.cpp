// A std::map under a lock; reads in parallel between the changes.
#include <map>
#include <mutex>

#include "threads.h"

std::map<int, int> table = {{1, 1}, {2, 4}};
std::mutex mutex;

int main() {
  runThreadsIndexed(3, [](int i) {
    for (int n = 0; n < 200; n++) {
      std::lock_guard guard(mutex);
      table[n * 3 + i] = n;
      if (n % 3 == 0) table.erase(n);
      USE_VALUE(table.count(n + i));
    }
  });
  runThreadsIndexed(3, [](int i) {
    for (int n = 0; n < 200; n++) USE_VALUE(table.count(n + i));
  });
}
