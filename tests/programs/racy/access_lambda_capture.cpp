// A lambda that captures by reference shares the variable with its creator.
// EXPECT: races=1
#include <thread>

#include "schedule.h"

int main() {
  int counter = 0;
  std::thread thread([&counter] {
    counter++;
    stepAdvance();
  });
  stepWait(1);
  counter++;
  thread.join();
}
