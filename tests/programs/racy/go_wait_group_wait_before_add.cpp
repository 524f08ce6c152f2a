// An add from zero and a wait without order between them race, in either order of time: the classic
// mistake is an add inside of the thread that it announces.
// EXPECT: races=3
// EXPECT: contains "wait group 'workers'"
#include "hindsight/wait_group.h"
#include "threads.h"

int main() {
  hindsight::wait_group waits_first("wait group 'workers'");
  runUnordered([&] { waits_first.wait(); }, [&] { waits_first.add(1); });

  hindsight::wait_group adds_first("wait group 'workers'");
  hindsight_test::Step added;
  Thread worker([&] {
    adds_first.add(1);  // should be before the thread is created
    added.advance();
    added.wait(2);
    adds_first.done();
  });
  added.wait(1);
  Thread waiter([&] { adds_first.wait(); });
  added.advance();
  waiter.join();
  worker.join();

  hindsight::wait_group over("wait group 'workers'");
  runUnordered(
      [&] {
        over.add(1);
        over.done();
      },
      [&] { over.wait(); });
}
