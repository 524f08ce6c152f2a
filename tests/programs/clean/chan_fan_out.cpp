// One producer, two consumers; the log has a channel of its own.
#include "channels.h"

int log_length;
int log_entries[1000];

int main() {
  chan<int> channel(2);
  chan<int> log(0);
  Thread logger([=] {
    for (int entry : log) log_entries[log_length++] = entry;
  });
  Thread producer([=] {
    for (int i = 0; i < 1000; ++i) channel.send(i);
    channel.close();
  });
  runThreadsIndexed(2, [=](int) {
    for (int value : channel) log.send(value);
  });
  log.close();
  logger.join();
  producer.join();
  return log_length == 1000 ? 0 : 1;
}
