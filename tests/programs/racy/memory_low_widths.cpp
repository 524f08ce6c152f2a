// memory_low_widths.cpp - memory below 4 GiB, written by two threads with every width, aligned and not, at constant
// and computed places.
// Racy: the threads are not ordered. Each place races exactly once.
// EXPECT: races=16
// REQUIRES: arch=x86_64

#include <string.h>

#include "low_memory.h"
#include "threads.h"

typedef int Vector16 __attribute__((vector_size(16)));
typedef short Vector32 __attribute__((vector_size(32)));
struct Odd {
  char bytes[7];
};

int line = 0;

template <class T>
__attribute__((noinline)) T* place(char* memory, int offset) {
  return reinterpret_cast<T*>(memory + 128 * line + offset);
}

template <class T>
void race(char* memory, int offset = 0) {
  line++;
  runUnordered([=] { *place<T>(memory, offset) = T(); }, [=] { *place<T>(memory, offset) = T(); });
}

int main() {
  char* const memory = static_cast<char*>(lowMemory(1 << 16)) + 4096 - 128 * 8 - 2;
  race<bool>(memory, 2);
  race<char>(memory, 3);
  race<short>(memory, 4);
  race<int>(memory, 2);
  race<long>(memory, 2);
  race<__int128>(memory, 18);
  race<float>(memory, 62);
  race<double>(memory, 10);
  race<void*>(memory, 66);
  race<Vector16>(memory, 18);
  race<Vector32>(memory, 34);
  // Across the words, across the lines.
  line++;
  runUnordered([=] { memcpy(place<char>(memory, 65), "ab", 2); }, [=] { place<char>(memory, 65)[1] = 1; });
  line++;
  runUnordered([=] { *place<Odd>(memory, 61) = Odd(); }, [=] { place<char>(memory, 67)[0] = 1; });
  // A computed index, and a write that is met by a read.
  line++;
  runUnordered([=] { for (int i = 0; i < 9; i += 4) place<char>(memory, 2)[i] = 1; }, [=] { place<char>(memory, 2)[8] = 2; });
  line++;
  runUnordered([=] { *place<int>(memory, 2) = 1; }, [=] { USE_VALUE(*place<int>(memory, 2)); });
  line++;
  runUnordered([=] { USE_VALUE(*place<short>(memory, 4)); }, [=] { *place<short>(memory, 4) = 1; });
}
