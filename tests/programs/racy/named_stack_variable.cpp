// The report says that the address lies on the main thread's stack.
// EXPECT: races=1
// EXPECT: contains "Location is stack of main thread"
#include "threads.h"

int main() {
  int local = 0;
  runUnordered([&] { local++; }, [&] { local++; });
}
