// Unaligned accesses of 2, 4 and 8 bytes inside a word, across words and across cache lines meet
// a one-byte access at their first and at their last byte.
// EXPECT: races=14
#include "threads.h"

struct __attribute__((packed)) Short {
  short value;
};
struct __attribute__((packed)) Int {
  int value;
};
struct __attribute__((packed)) Long {
  long value;
};

template <class T, int kOffset>
struct Scenario {
  alignas(64) static inline char bytes[128];

  static void writeWide() { reinterpret_cast<T*>(bytes + kOffset)->value = 1; }
  static void writeFirst() { bytes[kOffset] = 2; }
  static void writeLast() { bytes[kOffset + sizeof(T) - 1] = 3; }
};

template <class T, int kOffset>
void race() {
  runUnordered(&Scenario<T, kOffset>::writeWide, &Scenario<T, kOffset>::writeLast);
}
template <class T, int kOffset>
void raceReversed() {
  runUnordered(&Scenario<T, kOffset>::writeFirst, &Scenario<T, kOffset>::writeWide);
}

int main() {
  race<Short, 1>();
  race<Short, 3>();
  race<Short, 63>();
  race<Int, 1>();
  race<Int, 2>();
  race<Int, 63>();
  race<Int, 61>();
  race<Long, 1>();
  race<Long, 4>();
  race<Long, 57>();
  raceReversed<Short, 5>();
  raceReversed<Int, 7>();
  raceReversed<Long, 11>();
  raceReversed<Long, 60>();
}
