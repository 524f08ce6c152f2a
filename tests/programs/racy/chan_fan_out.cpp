// One producer, two consumers that append to one log without asking each other.
// EXPECT: races>=1
#include "channels.h"

int log_length;
int log_entries[2];

int main() {
  chan<int> channel(2);
  channel.send(10);
  channel.send(11);
  runUnordered([&] { log_entries[log_length++] = *channel.receive(); },
               [&] { log_entries[log_length++] = *channel.receive(); });
}
