// Sizes and alignments that cannot be: null and the C library's errno, not a block that is smaller
// than what was asked for. (A compiler that knows the functions believes that they change no errno.)
// FLAGS: -std=gnu11 -pthread -fno-builtin
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

static volatile size_t most = SIZE_MAX;

static void expectNull(void* block, int error) {
  if (block != NULL || errno != error) abort();
  errno = 0;
}

int main(void) {
  errno = 0;
  expectNull(malloc(most), ENOMEM);
  expectNull(malloc(most / 4), ENOMEM);
  expectNull(valloc(most - 10), ENOMEM);
  for (size_t less = 0; less < 5000; less += 1000) expectNull(pvalloc(most - less), ENOMEM);
  expectNull(memalign(most / 2 + 2, 100), EINVAL);
  expectNull(memalign(most, 100), EINVAL);
  expectNull(memalign(most / 2 + 1, 100), ENOMEM);
  expectNull(memalign(1 << 22, most / 4), ENOMEM);
  expectNull(aligned_alloc(most / 2 + 1, 100), ENOMEM);
  void* block = &errno;
  if (posix_memalign(&block, most / 2 + 1, 100) != ENOMEM || block != &errno) abort();
  if (posix_memalign(&block, 1 << 22, most - 100) != ENOMEM || block != &errno) abort();
  return 0;
}
