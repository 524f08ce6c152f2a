// Write against write for every width from 1 to 32 bytes, ordered by join and create.
#include "threads.h"

typedef float Vector8 __attribute__((vector_size(8)));
typedef int Vector16 __attribute__((vector_size(16)));
typedef short Vector32 __attribute__((vector_size(32)));

template <class T>
T shared_value;

template <class T>
void handOver() {
  runOrdered([] { shared_value<T> = T(); }, [] { shared_value<T> = T(); });
}

int main() {
  handOver<bool>();
  handOver<char>();
  handOver<short>();
  handOver<int>();
  handOver<long>();
  handOver<__int128>();
  handOver<float>();
  handOver<double>();
  handOver<void*>();
  handOver<Vector8>();
  handOver<Vector16>();
  handOver<Vector32>();
}
