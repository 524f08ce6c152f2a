// Eight threads, three channels, sends, receives and selects at once: nothing to report.
#include <string>

#include "channels.h"

int main() {
  chan<std::string> channels[3] = {chan<std::string>(0), chan<std::string>(1),
                                   chan<std::string>(9)};
  Thread senders([&] {
    runThreadsIndexed(4, [&](int i) {
      for (int k = 0; k < 300; ++k) {
        channels[k % 3].send(std::string(static_cast<std::size_t>(k % 40), 'a'));
        std::string text(static_cast<std::size_t>(i), 'b');
        hindsight::select(on_send(channels[0], text), on_send(channels[1], text),
                          on_send(channels[2], std::move(text)));
      }
    });
    for (auto& channel : channels) channel.close();
  });
  Thread selecting([&] {
    runThreadsIndexed(2, [&](int) {
      bool open = true;
      const auto handler = [&](std::optional<std::string> value) {
        if (!value) open = false;
      };
      while (open)
        hindsight::select(on_receive(channels[0], handler), on_receive(channels[1], handler),
                          on_receive(channels[2], handler), on_timeout(milliseconds(1)));
    });
  });
  runThreadsIndexed(3, [&](int i) {
    for (std::string& text : channels[i]) text += 'c';
  });
  selecting.join();
  senders.join();
}
