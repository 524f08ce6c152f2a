// Elements without content order as others do, each in its own slot.
#include "channels.h"

struct Signal {};

int data[3];

int main() {
  chan<Signal> signals(2);
  runThreads(
      [&] {
        for (int& each : data) {
          each = 1;
          signals.send({});
        }
        signals.close();
      },
      [&] {
        int* next = data;
        for (Signal signal : signals) {
          USE_VALUE(&signal);
          USE_VALUE(*next++);
        }
      });
}
