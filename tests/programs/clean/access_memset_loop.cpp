// Loops that the optimiser turns into memset and memcpy touch nothing outside their range.
#include "threads.h"

constexpr int kSize = 1021;
char filled[kSize + 2];
char copied[kSize + 2];
const char source[kSize] = {};

void fill(char* to) {
  for (int i = 0; i < kSize; i++) to[i] = 7;
}
void copy(char* to, const char* from) {
  for (int i = 0; i < kSize; i++) to[i] = from[i];
}

int main() {
  runUnordered([] { fill(filled + 1); },
               [] {
                 filled[0] = 1;
                 filled[kSize + 1] = 1;
               });
  runUnordered(
      [] {
        copied[0] = 1;
        copied[kSize + 1] = 1;
      },
      [] { copy(copied + 1, source); });
  runOrdered([] { fill(filled + 1); }, [] { filled[1] = 1; });
}
