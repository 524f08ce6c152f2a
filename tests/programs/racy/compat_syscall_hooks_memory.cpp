// compat_syscall_hooks_memory.cpp - a program maps memory and copies descriptors by calls of its own, and says so.
// Racy: memory is given back while another thread may use it; what follows a write of an event is not ordered.
// EXPECT: races=2
// REQUIRES: arch=x86_64
#include <sanitizer/linux_syscall_hooks.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

static long kernel(long number, long a, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

constexpr long kBytes = 1 << 14, kAccess = PROT_READ | PROT_WRITE, kKind = MAP_PRIVATE | MAP_ANONYMOUS;

static char* map(char* wish, long kind) {
  const long at = reinterpret_cast<long>(wish);
  __sanitizer_syscall_pre_mmap_pgoff(at, kBytes, kAccess, kind, -1, 0);
  const long result = kernel(SYS_mmap, at, kBytes, kAccess, kind, -1, 0);
  __sanitizer_syscall_post_mmap_pgoff(result, at, kBytes, kAccess, kind, -1, 0);
  must(result > 0);
  return reinterpret_cast<char*>(result);
}

static void unmap(char* memory) {
  const long at = reinterpret_cast<long>(memory);
  __sanitizer_syscall_pre_munmap(at, kBytes);
  const long result = kernel(SYS_munmap, at, kBytes);
  __sanitizer_syscall_post_munmap(result, at, kBytes);
  must(result == 0);
}

static int copyOf(int fd) {
  __sanitizer_syscall_pre_dup(fd);
  const long copy = kernel(SYS_dup, fd);
  __sanitizer_syscall_post_dup(copy, fd);
  must(copy >= 0);
  return static_cast<int>(copy);
}

static int events() {
  __sanitizer_syscall_pre_eventfd2(0, 0);
  const long fd = kernel(SYS_eventfd2, 0, 0);
  __sanitizer_syscall_post_eventfd2(fd, 0, 0);
  must(fd >= 0);
  return static_cast<int>(fd);
}

char* pages;
int sender, receiver, data;

int main() {
  sender = events();
  receiver = copyOf(sender);
  pages = map(nullptr, kKind);
  runThreads(
      [] {
        pages[1] = 1;
        must(eventfd_write(sender, 1) == 0);
        data = 1;
        stepAdvance();
      },
      [] {
        stepWait(1);
        unmap(pages);
        eventfd_t value;
        must(eventfd_read(receiver, &value) == 0);
        USE_VALUE(data);
      });
  return 0;
}
