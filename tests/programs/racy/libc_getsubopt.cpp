// getsubopt puts a terminator where the comma was, whether the option has a value or not: who reads the text meanwhile
// races with it.
#include <cstdlib>
#include <thread>

#include "schedule.h"

static char options[] = "ro,rest";

int main() {
  std::thread reader([] {
    USE_VALUE(options[2]);  // the comma
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
