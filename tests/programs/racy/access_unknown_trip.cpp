// Loops that end when the data says so race with exactly what they have gone over: up and down, by
// several pointers, with ways out before and behind the accesses, unrolled, in words and in bytes.
// Every length is tried; another thread then writes the whole buffer, and the hook collects what raced.
// EXPECT: races>=9
// EXPECT: stdout "exact"
// EXPECT: not-contains "differs"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "threads.h"

using Byte = unsigned char;

constexpr int kSize = 96;
alignas(64) Byte raced[kSize];  // by offset
Byte* buffer;

/// Called by the detector.
extern "C" void __hindsight_on_race(const void* address, unsigned long bytes) {
  const long offset = static_cast<const Byte*>(address) - buffer;
  for (long i = offset; i < offset + static_cast<long>(bytes); i++)
    if (i >= 0 && i < kSize) raced[i] = 1;
}

struct Range {
  int begin, end;
};

// Each goes from `from` until it meets a 0, or `limit`, and says what it has touched. Their results
// are used, so that they are not optimised away.
volatile long sink;

__attribute__((noinline)) void up(const Byte* p) {
  const Byte* at = p;
  while (*at != 0) ++at;
  sink = at - p;
}
__attribute__((noinline)) void upLimited(const Byte* p, int limit) {
  int i = 0;
  while (i < limit && p[i] != 0) ++i;
  sink = i;
}
__attribute__((noinline)) void down(const Byte* p) {
  const Byte* at = p;
  while (*--at != 0) {
  }
  sink = at - p;
}
__attribute__((noinline)) void words(const int* p) {
  long sum = 0;
  for (; *p != 0; ++p) sum += *p;
  sink = sum;
}
__attribute__((noinline)) void overlapping(const Byte* p) {
  unsigned word = 0;
  const Byte* at = p;
  do {
    memcpy(&word, at++, sizeof(word));
  } while (word != 0x01010100u);  // the lowest byte of the four is the 0
  sink = at - p;
}
__attribute__((noinline)) void find(const Byte* p, const Byte* end) {
  sink = std::find(p, end, Byte{0}) - p;
}
__attribute__((noinline)) void pairs(const Byte* p) {
  while (true) {
    if (p[0] == 0) break;
    if (p[1] == 0) break;
    p += 2;
  }
  sink = *p;
}
__attribute__((noinline)) void shiftDown(int* p, int key) {
  int* at = p;
  while (key < at[-1]) {
    *at = at[-1];
    --at;
  }
  sink = at - p;
}
__attribute__((noinline)) void fill(Byte* p, const Byte* source) {
  while (*source != 0) *p++ = *source++;
  sink = *source;
}

bool all_exact = true;

/// Where nothing is written, what raced on a line is reported as one run of bytes.
template <class Touch>
void expectRaces(const char* what, int length, Range expected, Range zeros, Touch touch) {
  buffer = static_cast<Byte*>(aligned_alloc(64, kSize));
  memset(buffer, 1, kSize);
  memset(buffer + zeros.begin, 0, zeros.end - zeros.begin);
  memset(raced, 0, kSize);
  runUnordered([=] { touch(buffer, length); }, [] { memset(buffer, 7, kSize); });
  for (int i = 0; i < kSize; i++) {
    if (raced[i] == (i >= expected.begin && i < expected.end)) continue;
    printf("%s of %d differs at %d\n", what, length, i);
    fprintf(stderr, "%s of %d differs at %d\n", what, length, i);
    all_exact = false;
    break;
  }
  free(buffer);
}

int main() {
  Byte source[kSize];
  for (int n = 0; n < 40; n++) {
    const int from = 3 + n % 5;
    const Range upwards{from, from + n + 1}, without_end{from, from + n};
    const Range zero{from + n, from + n + 1}, none{0, 0};
    expectRaces("up", n, upwards, zero, [=](Byte* b, int) { up(b + from); });
    expectRaces("upLimited", n, without_end, none, [=](Byte* b, int limit) { upLimited(b + from, limit); });
    expectRaces("down", n, {60 - n - 1, 60}, {60 - n - 1, 60 - n}, [](Byte* b, int) { down(b + 60); });
    expectRaces("find", n, without_end, none,
                [=](Byte* b, int length) { find(b + from, b + from + length); });
    expectRaces("find (found)", n, upwards, zero, [=](Byte* b, int) { find(b + from, b + kSize); });
    expectRaces("pairs", n, upwards, zero, [=](Byte* b, int) { pairs(b + from); });
    expectRaces("overlapping", n, {from, from + n + 4}, zero, [=](Byte* b, int) { overlapping(b + from); });
    memset(source, 5, sizeof(source));
    source[n] = 0;
    const Byte* text = source;
    expectRaces("fill", n, without_end, none, [=](Byte* b, int) { fill(b + from, text); });
    if (n >= 15) continue;
    const int end = 4 + 4 * n, low = 76 - 4 * n;
    expectRaces("words", n, {4, end + 4}, {end, end + 4},
                [](Byte* b, int) { words(reinterpret_cast<int*>(b + 4)); });
    expectRaces("shiftDown", n, {low, n == 0 ? 80 : 84}, {low, low + 4},
                [](Byte* b, int) { shiftDown(reinterpret_cast<int*>(b + 80), 3); });
  }
  if (all_exact) puts("exact");
}
