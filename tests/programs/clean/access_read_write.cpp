// Read then write, and write then read, for each scalar width, ordered; and reads alone.
#include "threads.h"

template <class T>
T read_first;
template <class T>
T written_first;
template <class T>
T never_written;

template <class T>
void handOver() {
  runOrdered([] { USE_VALUE(read_first<T>); }, [] { read_first<T> = 1; });
  runOrdered([] { written_first<T> = 1; }, [] { USE_VALUE(written_first<T>); });
  runUnordered([] { USE_VALUE(never_written<T>); }, [] { USE_VALUE(never_written<T>); });
}

int main() {
  handOver<unsigned char>();
  handOver<unsigned short>();
  handOver<unsigned int>();
  handOver<unsigned long>();
}
