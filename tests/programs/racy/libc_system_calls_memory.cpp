// libc_system_calls_memory.cpp - memory is unmapped or mapped over by syscall() while another thread may still use it.
// Racy: giving memory back is a write of the whole. The kernel fills a buffer that another thread looks at.
// EXPECT: races=4
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

static char* map(void* at, size_t bytes, int more_flags) {
  const long result = syscall(SYS_mmap, at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | more_flags, -1, 0);
  must(result != -1);
  return reinterpret_cast<char*>(result);
}

constexpr size_t kBytes = 1 << 14;
char* unmapped;
char* replaced;
char* moved_over;
char random_bytes[4];

int main() {
  unmapped = map(nullptr, kBytes, 0);
  replaced = map(nullptr, kBytes, 0);
  moved_over = map(nullptr, kBytes, 0);
  runThreads(
      [] {
        unmapped[1] = replaced[1] = moved_over[1] = 1;
        USE_VALUE(random_bytes[1]);
        stepAdvance();
      },
      [] {
        stepWait(1);
        char* const other = map(nullptr, kBytes, 0);
        must(syscall(SYS_munmap, unmapped, kBytes) == 0);
        map(replaced, kBytes, MAP_FIXED);
        must(syscall(SYS_mremap, other, kBytes, kBytes, MREMAP_MAYMOVE | MREMAP_FIXED, moved_over) ==
             reinterpret_cast<long>(moved_over));
        must(syscall(SYS_getrandom, random_bytes, sizeof random_bytes, 0) == sizeof random_bytes);
      });
  return 0;
}
