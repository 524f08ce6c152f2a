// Loops that the optimiser turns into memset and memcpy race at their first and last byte.
// EXPECT: races=4
#include "threads.h"

constexpr int kSize = 1021;
char filled_first[kSize + 2], filled_last[kSize + 2];
char copied_first[kSize + 2], copied_last[kSize + 2];
const char source[kSize] = {};

void fill(char* to) {
  for (int i = 0; i < kSize; i++) to[i] = 7;
}
void copy(char* to, const char* from) {
  for (int i = 0; i < kSize; i++) to[i] = from[i];
}

int main() {
  runUnordered([] { fill(filled_first + 1); }, [] { filled_first[1] = 1; });
  runUnordered([] { filled_last[kSize] = 1; }, [] { fill(filled_last + 1); });
  runUnordered([] { copy(copied_first + 1, source); }, [] { copied_first[1] = 1; });
  runUnordered([] { copied_last[kSize] = 1; }, [] { copy(copied_last + 1, source); });
}
