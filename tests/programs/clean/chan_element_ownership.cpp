// Elements that own memory move through the channel, and each is destroyed by whom it has come to:
// receiver, sender on a closed channel, or the channel's last handle.
#include <memory>
#include <string>
#include <vector>

#include "channels.h"

struct Message {
  std::string text;
  std::vector<int> numbers;
  std::unique_ptr<int> owned;
};

int main() {
  chan<Message> channel(3);
  chan<Message> left_over(16);
  const auto make = [](int i) {
    return Message{
        std::string(static_cast<std::size_t>(i % 50), 'x'), {i, i}, std::make_unique<int>(i)};
  };
  runThreads(
      [&] {
        for (int i = 0; i < 500; ++i) channel.send(make(i));
        channel.close();
        for (int i = 0; i < 4; ++i) left_over.send(make(i));
      },
      [&] {
        for (Message& message : channel) {
          message.text += 'y';
          ++*message.owned;
          if (message.numbers[0] % 100 == 0) left_over.try_send(std::move(message));
        }
      });
  chan<Message> abandoned(1);
  runUnordered([abandoned, &make] { abandoned.send(make(1)); }, [&abandoned] { abandoned = {}; });
}
