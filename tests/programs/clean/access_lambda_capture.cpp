// A lambda that captures by value has its own variable.
#include <thread>

#include "schedule.h"

int main() {
  int counter = 0;
  std::thread thread([counter]() mutable {
    counter++;
    USE_VALUE(counter);
    stepAdvance();
  });
  stepWait(1);
  counter++;
  USE_VALUE(counter);
  thread.join();
}
