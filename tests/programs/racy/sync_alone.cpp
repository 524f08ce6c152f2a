// sync_alone.cpp - a thread that is alone records nothing: what it does happens before all that
// comes. That ends with the next thread it creates.
// Racy: between two phases of threads the parent writes alone; in the second it writes again.
// EXPECT: races=1
#include "threads.h"

static int values[1000];
static int sum;

static void writeAll(int value) {
  for (int& each : values) each = value;
}

int main() {
  writeAll(1);
  runThreads([] { writeAll(2); });
  writeAll(3);
  Thread reader([] {
    stepWait(1);
    for (int each : values) sum += each;
  });
  values[500] = 4;
  stepAdvance();
  reader.join();
  return sum == 3001 ? 0 : 1;
}
