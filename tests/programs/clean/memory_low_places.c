// Memory is granted below 4 GiB wherever a program wants it there: anywhere (MAP_32BIT), at a wished and at a fixed
// address, by mmap and by the system call; and the top of it is the end.
// EXPECT: not-contains "hindsight:"
// REQUIRES: arch=x86_64
#include "low_memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void use(char* memory, size_t bytes) {
  if (memory == MAP_FAILED || (uintptr_t)memory >> 32 != 0) abort();
  memory[bytes - 1] = 1;
  for (size_t i = 0; i < bytes; i += 512) memory[i]++;
  memset(memory, 7, bytes);
  if (munmap(memory, bytes) != 0) abort();
}

int main(void) {
  const int protection = PROT_READ | PROT_WRITE, kinds = MAP_PRIVATE | MAP_ANONYMOUS;
  char* const wanted = (char*)0x20000000;
  use(mmap(NULL, 8192, protection, kinds | MAP_32BIT, -1, 0), 8192);
  use(mmap(wanted, 8192, protection, kinds, -1, 0), 8192);
  use(mmap(wanted, 8192, protection, kinds | MAP_FIXED, -1, 0), 8192);
  use(mmap(wanted, 8192, protection, kinds | MAP_FIXED_NOREPLACE, -1, 0), 8192);
  use((char*)syscall(SYS_mmap, NULL, 8192, protection, kinds | MAP_32BIT, -1, 0), 8192);
  use(mmap((char*)0xfffff000, 4096, protection, kinds | MAP_FIXED, -1, 0), 4096);
  // A constant address, which the compiler adds up with the distance.
  if (mmap(wanted, 4096, protection, kinds | MAP_FIXED, -1, 0) != wanted) abort();
  *(volatile int*)0x20000010 = 5;
  *(volatile long*)0x20000018 += *(volatile int*)0x20000010;
  if (*(volatile long*)0x20000018 != 5) abort();
  // The kernel reads and writes it, and says what it always said of what is not there.
  int ends[2];
  if (pipe(ends) != 0 || write(ends[1], wanted, 100) != 100 || read(ends[0], wanted + 200, 100) != 100) abort();
  if (write(ends[1], wanted + 4096, 1) != -1 || errno != EFAULT) abort();
  if (write(ends[1], (void*)16, 1) != -1 || errno != EFAULT) abort();
  snprintf(wanted + 300, 100, "%s", "text");
  if (strcmp(wanted + 300, "text") != 0) abort();
  return munmap(wanted, 4096);
}
