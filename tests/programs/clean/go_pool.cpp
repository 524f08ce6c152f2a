// put -> the get that returns it.
#include "hindsight/pool.h"
#include "threads.h"

struct Buffer {
  int used = 0;
};
hindsight::pool<Buffer> buffers([] { return std::make_unique<Buffer>(); }, 2);

int main() {
  runThreadsIndexed(4, [](int) {
    for (int n = 0; n < 400; n++) {
      auto buffer = buffers.get();
      buffer->used++;
      if (n % 16 == 0) sched_yield();
      if (n % 10 != 0) buffers.put(std::move(buffer));
    }
  });
}
