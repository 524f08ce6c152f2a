// Blocks of the aligned allocation functions: use races with release by another thread. From a
// mebibyte on the allocator aligns.
// EXPECT: races=7
#include <stdlib.h>

#include <new>

#include "threads.h"

struct alignas(256) Wide {
  char bytes[256];
};
Wide* wide;
char* aligned;
char* posix;
char* array;
char* far_aligned;
void* moved;
char* far_array;

int main() {
  wide = new Wide();
  aligned = static_cast<char*>(aligned_alloc(64, 256));
  void* memory = nullptr;
  if (posix_memalign(&memory, 4096, 5000) != 0) return 1;
  posix = static_cast<char*>(memory);
  array = static_cast<char*>(operator new[](100, std::align_val_t(128)));
  far_aligned = static_cast<char*>(aligned_alloc(1 << 20, 4096));
  if (posix_memalign(&moved, 4 << 20, 300) != 0) return 1;
  far_array = static_cast<char*>(operator new[](100, std::align_val_t(2 << 20)));
  runUnordered([] { wide->bytes[255] = 1; }, [] { delete wide; });
  runUnordered([] { aligned[255] = 1; }, [] { free(aligned); });
  runUnordered([] { posix[4999] = 1; }, [] { free(posix); });
  runUnordered([] { array[50] = 1; }, [] { operator delete[](array, std::align_val_t(128)); });
  runUnordered([] { far_aligned[100] = 1; }, [] { free(far_aligned); });
  runUnordered([] { static_cast<char*>(moved)[299] = 1; }, [] { free(realloc(moved, 9000)); });
  runUnordered([] { far_array[50] = 1; },
               [] { operator delete[](far_array, std::align_val_t(2 << 20)); });
}
