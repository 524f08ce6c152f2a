// done() -> wait(), for those who wait and for those who come later, with threads of both kinds.
#include "hindsight/wait_group.h"
#include "threads.h"

int results[4];
int by_go[3];

int main() {
  hindsight::wait_group group;
  group.add(4);
  Thread workers([&] {
    runThreadsIndexed(6, [&](int i) {
      if (i < 4) {
        results[i] = i;
        group.done();
      } else {
        group.wait();
        for (int& result : results) USE_VALUE(result);
      }
    });
  });
  group.wait();
  for (int& result : results) USE_VALUE(result);
  workers.join();
  for (int& each : by_go) group.go([&each] { each = 1; });
  group.wait();
  for (int& each : by_go) USE_VALUE(each);
}
