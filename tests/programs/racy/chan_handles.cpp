// Copying and dropping handles orders nothing, not even for who drops the last one.
// EXPECT: races=1
#include "channels.h"

int data;

int main() {
  chan<int> first(1);
  chan<int> second = first;
  runUnordered(
      [&] {
        first.send(1);
        data = 1;
        first = {};
      },
      [&] {
        second = {};
        USE_VALUE(data);
      });
}
