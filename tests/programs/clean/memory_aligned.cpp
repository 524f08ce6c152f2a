// Blocks of the aligned allocation functions come, go and are reused by several threads.
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include <new>

#include "threads.h"

struct alignas(256) Wide {
  char bytes[256];
};

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 200; n++) {
      Wide* wide = new Wide();
      wide->bytes[255] = 1;
      char* aligned = static_cast<char*>(aligned_alloc(64, 256));
      aligned[255] = 1;
      void* posix = nullptr;
      if (posix_memalign(&posix, 128u << (n % 4), 300) != 0) abort();
      static_cast<char*>(posix)[299] = 1;
      char* old = static_cast<char*>(memalign(32, 40));
      if (malloc_usable_size(old) < 40) abort();
      old[39] = static_cast<char>(i);
      size_t far = static_cast<size_t>(1) << (20 + n % 3);
      char* far_aligned = static_cast<char*>(aligned_alloc(far, 200));
      if (reinterpret_cast<uintptr_t>(far_aligned) % far != 0) abort();
      if (malloc_usable_size(far_aligned) < 200) abort();
      far_aligned[199] = static_cast<char>(i);
      if (n % 2 == 0) {
        far_aligned = static_cast<char*>(realloc(far_aligned, 5000));
        if (far_aligned[199] != static_cast<char>(i)) abort();
        far_aligned[4999] = 1;
      }
      free(far_aligned);
      delete wide;
      free(old);
      free(posix);
      free(aligned);
      delete new (std::nothrow) int(n);
      delete[] new Wide[2];
    }
  });
}
