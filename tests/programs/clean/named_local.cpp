// Locals that other threads write to, one after the other.
#include "threads.h"

int main() {
  int counts[3] = {};
  int* const count = &counts[1];
  runOrdered([count] { ++*count; }, [count] { *count = 5; });
  USE_VALUE(counts);
}
