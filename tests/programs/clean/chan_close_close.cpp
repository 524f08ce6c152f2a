// Two closes, one after the other: the second one throws, and that is all.
#include "channels.h"

int main() {
  chan<int> channel(1);
  const auto close = [=] {
    try {
      channel.close();
    } catch (const closed_channel&) {
    }
  };
  runOrdered(close, close);
}
