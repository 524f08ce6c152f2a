// Functions registered with atexit run after what main and its joined threads did.
#include <stdlib.h>

#include "threads.h"

int log_lines;

int main() {
  atexit([] { log_lines++; });
  runThreads([] { log_lines++; });
  runThreads([] { atexit([] { log_lines = 0; }); });
}
