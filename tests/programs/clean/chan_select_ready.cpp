// A select orders its thread after the case that happened: found ready, or waited for; by receive
// and by send.
#include "channels.h"

int data[2];
int answer[2];

int main() {
  chan<int> channels[2] = {chan<int>(0), chan<int>(0)};
  chan<int> answers[2] = {chan<int>(0), chan<int>(0)};
  Thread senders([&] {
    runThreadsIndexed(2, [&](int i) {
      for (int k = 0; k < 500; ++k) {
        data[i] = k;
        channels[i].send(1);
        answer[i] = k;
        answers[i].receive();
      }
    });
  });
  for (int k = 0; k < 2000; ++k)
    hindsight::select(on_receive(channels[0], [](auto) { data[0]++; }),
                      on_send(answers[1], 1, [] { answer[1]++; }),
                      on_receive(channels[1], [](auto) { data[1]++; }),
                      on_send(answers[0], 1, [] { answer[0]++; }));
  senders.join();
}
