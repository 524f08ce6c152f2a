// Eight readers at once, all joined before the writer; again and again on the same variable.
#include "threads.h"

long table;

int main() {
  for (int round = 0; round < 30; round++) {
    runThreadsIndexed(8, [](int) {
      for (int n = 0; n < 20; n++) USE_VALUE(table);
    });
    table++;
  }
}
