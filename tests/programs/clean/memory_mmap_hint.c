// memory_mmap_hint.c - memory is mapped at a wished address by a function that is called inside the runtime, as an
// allocator of the program's is by the C library (mimalloc asks for 2 to 30 TiB).
// Clean: the wish is not granted where no shadow is; it was, and the first access crashed.
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "schedule.h"

char* mapped;

void __sanitizer_malloc_hook(const volatile void* block, size_t bytes) {
  (void)block;
  (void)bytes;
  if (mapped == NULL)
    mapped = (char*)mmap((void*)0x33000000000, 1 << 16, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void) {
  void* block = malloc(10);
  USE_VALUE(block);
  if (mapped == NULL) {  // called by nobody without a detector
    __sanitizer_malloc_hook(block, 10);
  }
  if (mapped == MAP_FAILED) abort();
  for (int i = 0; i < 1 << 16; i += 64) mapped[i] = 1;
  mapped[7]++;
  free(block);
  return 0;
}
