// libc_system_calls_memory.cpp - memory is mapped, moved, emptied and unmapped by syscall().
// Clean: what is mapped, moved or emptied has no history, though another thread, without order, used the address before.
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
char* replaced;
char* emptied;
char* moved_to;
char* unmapped;

int main() {
  replaced = map(nullptr, kBytes, 0);
  emptied = map(nullptr, kBytes, 0);
  moved_to = map(nullptr, kBytes, 0);
  unmapped = map(nullptr, kBytes, 0);
  runThreads(
      [] {
        emptied[1] = 1;
        must(syscall(SYS_madvise, emptied, kBytes, MADV_DONTNEED) == 0);
        // By MAP_FIXED, by MREMAP_FIXED and by munmap: what follows is not what was there.
        replaced[1] = moved_to[1] = unmapped[1] = 1;
        char* const other = map(nullptr, kBytes, 0);
        other[1] = 2;
        must(map(replaced, kBytes, MAP_FIXED) == replaced);
        must(syscall(SYS_mremap, other, kBytes, kBytes, MREMAP_MAYMOVE | MREMAP_FIXED, moved_to) ==
             reinterpret_cast<long>(moved_to));
        must(syscall(SYS_munmap, unmapped, kBytes) == 0);
        stepAdvance();
      },
      [] {
        stepWait(1);
        must(emptied[1] == 0 && replaced[1] == 0 && moved_to[1] == 2);
        emptied[1] = replaced[1] = moved_to[1] = 3;
        char* const again = map(unmapped, kBytes, MAP_FIXED_NOREPLACE);
        must(again == unmapped && again[1] == 0);
        again[1] = 4;
      });
  // Where there is no shadow nothing can be mapped: the wish is passed over.
  char* const elsewhere = map(reinterpret_cast<void*>(0x30000000), kBytes, 0);
  elsewhere[1] = 1;
  return 0;
}
