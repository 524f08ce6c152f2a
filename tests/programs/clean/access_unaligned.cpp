// Unaligned accesses of 2, 4 and 8 bytes leave the byte before and the byte after them alone.
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
  static void writeAround() {
    bytes[kOffset - 1] = 2;
    bytes[kOffset + sizeof(T)] = 3;
  }
};

template <class T, int kOffset>
void neighbours() {
  runUnordered(&Scenario<T, kOffset>::writeWide, &Scenario<T, kOffset>::writeAround);
}
template <class T, int kOffset>
void neighboursReversed() {
  runUnordered(&Scenario<T, kOffset>::writeAround, &Scenario<T, kOffset>::writeWide);
}

int main() {
  neighbours<Short, 1>();
  neighbours<Short, 3>();
  neighbours<Short, 63>();
  neighbours<Int, 1>();
  neighbours<Int, 2>();
  neighbours<Int, 63>();
  neighbours<Int, 61>();
  neighbours<Long, 1>();
  neighbours<Long, 4>();
  neighbours<Long, 57>();
  neighboursReversed<Short, 5>();
  neighboursReversed<Int, 7>();
  neighboursReversed<Long, 11>();
  neighboursReversed<Long, 60>();
}
