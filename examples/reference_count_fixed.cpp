// reference_count_fixed.cpp - two threads share a buffer; the last one to let go deletes it.
//
// Each decrement releases what its thread did with the buffer; the last one acquires all of that,
// and only then deletes. (Increments may be relaxed: whoever increments has a reference already.)
// Compare reference_count_racy.cpp, where the decrement is relaxed.
#include <atomic>
#include <cstdio>
#include <thread>

struct Buffer {
  std::atomic<int> references{1};
  int bytes_used[2] = {0, 0};
};

Buffer* retain(Buffer* buffer) {
  buffer->references.fetch_add(1, std::memory_order_relaxed);
  return buffer;
}

void release(Buffer* buffer) {
  if (buffer->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete buffer;
}

void use(Buffer* buffer, int half) {
  buffer->bytes_used[half] += 100;
  release(buffer);
}

int main() {
  Buffer* buffer = new Buffer();
  std::thread first(use, retain(buffer), 0);
  std::thread second(use, retain(buffer), 1);
  release(buffer);
  first.join();
  second.join();
  std::puts("done");
}
