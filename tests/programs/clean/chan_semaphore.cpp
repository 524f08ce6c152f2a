// Workers hold permits of a channel used as semaphore; who fills it knows that all are done.
#include "channels.h"

int results[3];

int main() {
  chan<int> permits(3);
  for (int i = 0; i < 3; ++i) permits.send(i);
  const auto work = [permits](int i) {
    return [permits, i] {
      results[i] = 1;
      permits.receive();
    };
  };
  Thread first(work(0));
  Thread second(work(1));
  Thread third(work(2));
  for (int i = 0; i < 3; ++i) permits.send(i);
  for (int& result : results) USE_VALUE(result);
  first.join();
  second.join();
  third.join();
}
