// getsubopt looks at an option up to its comma and puts a terminator there, and leaves what follows alone.
#include <cstdlib>
#include <thread>

#include "schedule.h"

static char options[] = "ro,rest";

int main() {
  std::thread reader([] {
    USE_VALUE(options[3]);  // behind the comma
    stepAdvance();
  });
  std::thread parser([] {
    stepWait(1);
    char name[] = "ro";
    char* const names[] = {name, nullptr};
    char* at = options;
    char* value;
    if (getsubopt(&at, names, &value) != 0 || at != options + 3) abort();
  });
  reader.join();
  parser.join();
}
