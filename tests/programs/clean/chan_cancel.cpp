// Cancelling by closing: one close reaches everybody.
#include "channels.h"

int reason;

int main() {
  chan<int> cancelled(0);
  chan<int> work(0);
  Thread workers([=] {
    runThreadsIndexed(4, [=](int) {
      while (hindsight::select(on_receive(work), on_receive(cancelled)) == 0) {
      }
      USE_VALUE(reason);
    });
  });
  for (int i = 0; i < 200; ++i) work.send(i);
  reason = 1;
  cancelled.close();
  workers.join();
}
