// Read then write, and write then read, for each scalar width.
// TSan: four of eight missed, neighbours in a word evict each other.
// EXPECT: races=8
// EXPECT: contains "Previous read"
// EXPECT: contains "Previous write"
#include "threads.h"

template <class T>
T read_first;
template <class T>
T written_first;

template <class T>
void race() {
  runUnordered([] { USE_VALUE(read_first<T>); }, [] { read_first<T> = 1; });
  runUnordered([] { written_first<T> = 1; }, [] { USE_VALUE(written_first<T>); });
}

int main() {
  race<unsigned char>();
  race<unsigned short>();
  race<unsigned int>();
  race<unsigned long>();
}
