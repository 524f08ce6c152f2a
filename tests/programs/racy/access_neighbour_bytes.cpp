// Four threads count in the four bytes of one word; one of them also writes its neighbour's.
// EXPECT: races=1
#include "threads.h"

alignas(4) unsigned char counts[4];

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 500; n++) counts[i] = static_cast<unsigned char>(counts[i] + 1);
    barrierUninstrumented(4);
    if (i == 2) counts[3] = 0;
  });
}
