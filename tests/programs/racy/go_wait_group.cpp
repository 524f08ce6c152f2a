// What a worker writes after done() is not ordered before the wait.
// EXPECT: races=1
#include "hindsight/wait_group.h"
#include "threads.h"

int result;

int main() {
  hindsight::wait_group group;
  hindsight_test::Step written;
  group.add(1);
  Thread worker([&] {
    group.done();
    result = 1;
    written.advance();
  });
  written.wait(1);
  group.wait();
  USE_VALUE(result);
  worker.join();
}
