// libstdc++ looks after its locales by pthread_once, at the first stream of a process that has threads: that orders
// nothing of the program's.
#include <sstream>

#include "threads.h"

int number;

__attribute__((noinline)) void useStream() {
  std::ostringstream stream;
  stream << 1.5;
  USE_VALUE(&stream);
}

int main() {
  runOrdered(
      [] {
        number = 1;
        useStream();
      },
      [] {
        useStream();
        number = 2;
      });
}
