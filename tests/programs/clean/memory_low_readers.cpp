// memory_low_readers.cpp - more threads than read groups read the same memory below 4 GiB, again and again.
// Clean: it is written when all have been joined.
// REQUIRES: arch=x86_64
#include "low_memory.h"
#include "threads.h"

constexpr int kReaders = 9, kCount = 64;

__attribute__((noinline)) int at(const int* number) { return *number; }
__attribute__((noinline)) long sum(const int* numbers) {
  long result = 0;
  for (int i = 0; i < kCount; i++) result += at(numbers + i);
  return result;
}

int main() {
  int* const numbers = static_cast<int*>(lowMemory(4096));
  for (int i = 0; i < kCount; i++) numbers[i] = i;
  runThreadsIndexed(kReaders, [=](int) {
    for (int round = 0; round < 20; round++)
      if (sum(numbers) < kCount * (kCount - 1) / 2) abort();
  });
  numbers[kCount / 2] += 1;
}
