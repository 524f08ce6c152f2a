// memory_low_ranges.cpp - memory below 4 GiB, gone over by loops that are checked as a whole, by string functions and by
// the kernel.
// Racy: the threads are not ordered.
// EXPECT: races=6
// REQUIRES: arch=x86_64

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "low_memory.h"
#include "threads.h"

constexpr int kCount = 20000;

__attribute__((noinline)) void fill(int* numbers, int count, int value) {
  for (int i = 0; i < count; i++) numbers[i] = value + i;
}
__attribute__((noinline)) long sum(const int* numbers, int count) {
  long result = 0;
  for (int i = 0; i < count; i++) result += numbers[i];
  return result;
}
__attribute__((noinline)) int indexOf(const unsigned char* bytes, unsigned char wanted) {
  int i = 0;
  while (bytes[i] != wanted) i++;
  return i;
}

int main() {
  int* const numbers = static_cast<int*>(lowMemory(kCount * sizeof(int)));
  runUnordered([=] { fill(numbers, kCount, 1); }, [=] { numbers[kCount / 2] = 7; });
  runUnordered([=] { USE_VALUE(sum(numbers, kCount)); }, [=] { numbers[kCount - 1] = 7; });
  char* const text = static_cast<char*>(lowMemory(8192));
  runUnordered([=] { memset(text, 'x', 5000); }, [=] { text[4999] = 'y'; });
  runUnordered([=] { USE_VALUE(indexOf(reinterpret_cast<unsigned char*>(text), 'y')); }, [=] { text[2000] = 'z'; });
  char* const copy = static_cast<char*>(lowMemory(8192));
  runUnordered([=] { strcpy(copy, text); }, [=] { copy[100] = 'z'; });
  const int zeros = open("/dev/zero", O_RDONLY);
  runUnordered([=] { if (read(zeros, copy + 6000, 100) != 100) abort(); }, [=] { copy[6050] = 1; });
  return copy[6050] != 1 || text[2000] != 'z' || text[0] != 'x' || numbers[kCount - 2] != kCount - 1;
}
