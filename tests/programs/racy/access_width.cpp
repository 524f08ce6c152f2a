// Write against write for every width from 1 to 32 bytes: each type races exactly once.
// TSan: misses the widest, which its pass does not instrument.
// EXPECT: races=12
#include "threads.h"

typedef float Vector8 __attribute__((vector_size(8)));
typedef int Vector16 __attribute__((vector_size(16)));
typedef short Vector32 __attribute__((vector_size(32)));

template <class T>
T shared_value;

template <class T>
void race() {
  runUnordered([] { shared_value<T> = T(); }, [] { shared_value<T> = T(); });
}

int main() {
  race<bool>();
  race<char>();
  race<short>();
  race<int>();
  race<long>();
  race<__int128>();
  race<float>();
  race<double>();
  race<void*>();
  race<Vector8>();
  race<Vector16>();
  race<Vector32>();
}
