// Loops that end when the data says so touch nothing beyond: the bytes before their first and behind
// their last element are another thread's. Every length, in both directions.
#include <cstring>

#include "threads.h"

using Byte = unsigned char;

constexpr int kSize = 64;
alignas(64) Byte bytes[kSize];
volatile long sink;

__attribute__((noinline)) void up(const Byte* p) {
  const Byte* at = p;
  while (*at != 0) ++at;
  sink = at - p;
}
__attribute__((noinline)) void down(const Byte* p) {
  const Byte* at = p;
  while (*--at != 0) {
  }
  sink = at - p;
}

int main() {
  for (int n = 0; n < 40; n++) {
    const int from = 3 + n % 5;
    Byte* b = bytes;
    memset(b, 1, kSize);
    b[from + n] = 0;
    runUnordered([=] { up(b + from); },
                 [=] {
                   memset(b, 2, from);
                   memset(b + from + n + 1, 2, kSize - (from + n + 1));
                 });
    memset(b, 1, kSize);
    b[59 - n] = 0;
    runUnordered([=] { down(b + 60); },
                 [=] {
                   memset(b, 2, 59 - n);
                   memset(b + 60, 2, kSize - 60);
                 });
  }
}
