// An object is used after it was put back: it may be someone else's by now.
// EXPECT: races=1
#include "hindsight/pool.h"
#include "threads.h"

struct Buffer {
  int used = 0;
};
hindsight::pool<Buffer> buffers([] { return std::make_unique<Buffer>(); });

int main() {
  runUnordered(
      [] {
        auto buffer = buffers.get();
        Buffer* mine = buffer.get();
        buffers.put(std::move(buffer));
        mine->used = 1;  // should be before
      },
      [] {
        auto buffer = buffers.get();
        buffer->used = 2;
        buffers.put(std::move(buffer));
      });
}
