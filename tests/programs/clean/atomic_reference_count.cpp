// Reference counts done right: relaxed increments; decrements with acq_rel, or with release and an
// acquire fence before the deletion.
// TSan: false report for the second form: it does not follow fences.
#include <atomic>

#include "threads.h"

struct Buffer {
  explicit Buffer(bool fence) : with_fence(fence) {}
  std::atomic<int> references{1};
  const bool with_fence;
  int used[4] = {};
};

Buffer* retain(Buffer* buffer) {
  buffer->references.fetch_add(1, std::memory_order_relaxed);
  return buffer;
}
void release(Buffer* buffer) {
  if (buffer->with_fence) {
    if (buffer->references.fetch_sub(1, std::memory_order_release) != 1) return;
    std::atomic_thread_fence(std::memory_order_acquire);
  } else {
    if (buffer->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  }
  for (int& used : buffer->used) used = -1;
  delete buffer;
}

int main() {
  for (int round = 0; round < 40; round++) {
    Buffer* buffer = new Buffer(round % 2 == 0);
    for (int i = 0; i < 4; i++) retain(buffer);
    release(buffer);
    runThreadsIndexed(4, [=](int i) {
      Buffer* mine = retain(buffer);
      buffer->used[i]++;
      release(buffer);
      mine->used[i]++;
      release(mine);
    });
  }
}
