// The default case of a select orders nothing, nor does a try_receive that finds nothing.
// EXPECT: races=2
#include "channels.h"

int selected;
int tried;

int main() {
  chan<int> channel(1);
  chan<int> other(1);
  runUnordered(
      [&] {
        selected = 1;
        tried = 1;
        channel.send(1);
      },
      [&] {
        hindsight::select(on_receive(other), on_default());
        USE_VALUE(selected);
        int value;
        other.try_receive(value);
        USE_VALUE(tried);
      });
}
