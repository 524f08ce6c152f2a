// compat_syscall_hooks.cpp - a program calls the kernel by itself and says so.
// Clean: write -> the read of the byte; close -> the read that returns end of file.
// REQUIRES: arch=x86_64
#include <sanitizer/linux_syscall_hooks.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

static long kernel(long number, long first, const void* second, long third) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(first), "S"(second), "d"(third)
                   : "rcx", "r11", "memory");
  return result;
}

static void send(int fd, const void* data, long bytes) {
  __sanitizer_syscall_pre_write(fd, data, bytes);
  must(kernel(SYS_write, fd, data, bytes) == bytes);
  __sanitizer_syscall_post_write(bytes, fd, data, bytes);
}

static long receive(int fd, void* data, long bytes) {
  __sanitizer_syscall_pre_read(fd, data, bytes);
  const long got = kernel(SYS_read, fd, data, bytes);
  __sanitizer_syscall_post_read(got, fd, data, bytes);
  return got;
}

static void shut(int fd) {
  __sanitizer_syscall_pre_close(fd);
  must(kernel(SYS_close, fd, nullptr, 0) == 0);
  __sanitizer_syscall_post_close(0, fd);
}

int ends[2];
char byte_sent, byte_received;
int data, last;

int main() {
  must(pipe(ends) == 0);
  runThreads(
      [] {
        data = 1;
        send(ends[1], &byte_sent, 1);
        last = 1;
        shut(ends[1]);
      },
      [] {
        must(receive(ends[0], &byte_received, 1) == 1);
        USE_VALUE(data);
        must(receive(ends[0], &byte_received, 1) == 0);
        USE_VALUE(last);
      });
  return 0;
}
