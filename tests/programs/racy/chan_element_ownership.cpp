// The sender keeps a pointer into the element it has sent away.
// EXPECT: races=1
#include <memory>

#include "channels.h"

int main() {
  Step step;
  chan<std::unique_ptr<int>> channel(1);
  runThreads(
      [&] {
        auto value = std::make_unique<int>(1);
        int* kept = value.get();
        channel.send(std::move(value));
        *kept = 2;
        step.advance();
        step.wait(2);
      },
      [&] {
        std::unique_ptr<int> value = *channel.receive();
        step.wait(1);
        *value = 3;
        step.advance();
      });
}
