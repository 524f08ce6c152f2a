// A channel as a mutex, with room for two: both threads are inside at once.
// EXPECT: races=1
#include "channels.h"

int counter;

int main() {
  chan<int> mutex(2);
  runUnordered(
      [&] {
        mutex.send(0);
        counter = 1;
        mutex.receive();
      },
      [&] {
        mutex.send(0);
        counter = 2;
        mutex.receive();
      });
}
