// Two bit-fields of one storage unit are one memory location: writing them from two threads races
// although the bits differ.
// EXPECT: races=1
#include "threads.h"

struct {
  unsigned state : 3;
  unsigned retries : 5;
} connection;

int main() {
  runUnordered([] { connection.state = 2; }, [] { connection.retries = 9; });
}
