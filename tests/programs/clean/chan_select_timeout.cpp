// A select with a timeout that is not needed is ordered after the send; one that times out leaves
// the channel usable.
#include "channels.h"

int result;

int main() {
  chan<int> done(0);
  hindsight::select(on_receive(done), on_timeout(milliseconds(1)));
  Thread worker([&] {
    result = 1;
    done.send(1);
  });
  if (hindsight::select(on_receive(done), on_timeout(hours(1))) != 0) return 1;
  USE_VALUE(result);
  worker.join();
}
