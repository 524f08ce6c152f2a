// Two closes without order race (and the second one throws).
// EXPECT: races=1
// EXPECT: contains "close"
#include "channels.h"

int main() {
  chan<int> channel(1);
  const auto close = [=] {
    try {
      channel.close();
    } catch (const closed_channel&) {
    }
  };
  runUnordered(close, close);
}
