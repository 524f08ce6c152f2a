// Mapped memory is shared like any other; unmapping it races with an earlier use.
// EXPECT: races=3
// EXPECT: contains "writePage"
#include <pthread.h>
#include <stddef.h>
#include <sys/mman.h>

#include "schedule.h"

static char *pages, *odd;

__attribute__((noinline)) static void writePage(void) { pages[4096] = 1; }

static void* first(void* unused) {
  pages[100] = 1;
  writePage();
  odd[8191] = 1;
  stepAdvance();
  return unused;
}
static void* second(void* unused) {
  stepWait(1);
  pages[100] = 2;
  munmap(pages + 4096, 4096);
  munmap(odd, 4097); /* two pages */
  return unused;
}

int main(void) {
  pthread_t threads[2];
  pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  odd = mmap(NULL, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pthread_create(&threads[0], NULL, first, NULL);
  pthread_create(&threads[1], NULL, second, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  return 0;
}
