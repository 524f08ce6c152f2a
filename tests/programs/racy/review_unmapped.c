// A large mapping is given back while another thread's write to it is not ordered before.
// EXPECT: races=1
// EXPECT: at=WRITE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "schedule.h"

static const size_t kSize = 8ul << 30;
static char* pages;

static void* writes(void* unused) {
  pages[kSize / 2 + 12345] = 1;  // at: WRITE
  stepAdvance();
  return unused;
}

int main(void) {
  pages = mmap(NULL, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
               -1, 0);
  if (pages == MAP_FAILED) abort();
  pthread_t thread;
  pthread_create(&thread, NULL, writes, NULL);
  stepWait(1);
  munmap(pages, kSize);
  pthread_join(thread, NULL);
  return 0;
}
