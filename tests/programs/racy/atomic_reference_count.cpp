// Reference counts that are decremented with relaxed order: the last owner deletes the object
// without being ordered after what the other owner did with it.
// EXPECT: races>=1
// EXPECT: contains "release"
#include <atomic>

#include "threads.h"

struct Buffer {
  std::atomic<int> references{2};
  int bytes_used = 0;
};

__attribute__((noinline)) void release(Buffer* buffer) {
  if (buffer->references.fetch_sub(1, std::memory_order_relaxed) == 1) delete buffer;
}

int main() {
  Buffer* buffer = new Buffer();
  runUnordered(
      [=] {
        buffer->bytes_used = 10;
        release(buffer);
      },
      [=] { release(buffer); });
}
