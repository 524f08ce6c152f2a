// sparse_memory.c GIB - address space of that size, reserved, touched here and there by two threads, and given
// back: memory goes by what was touched. One page is touched by both: a race.
#include <pthread.h>
#include <sys/mman.h>

#include "measure.h"

enum { kTouched = 4000 };  // pages of each thread
static char* reserved;
static size_t distance;
static struct Meeting touched[2];

static void touch(size_t offset) {
  for (long i = 0; i < kTouched; i++) reserved[(size_t)i * distance + offset]++;
}

static void* run(void* touched) {
  touch(0);
  reserved[distance / 2 + 4096] = 1;
  arrive(touched, 1);
  return NULL;
}

int main(int argc, char** argv) {
  const size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 100) << 30;
  const double start = secondsNow();
  for (int round = 0; round < 2; round++) {
    reserved = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) return 77;
    distance = size / kTouched / 4096 * 4096;
    pthread_t thread;
    pthread_create(&thread, NULL, run, &touched[round]);
    awaitAll(&touched[round]);
    touch(distance / 2);
    if (round == 0) reserved[distance / 2 + 4096] = 2;
    pthread_join(thread, NULL);
    munmap(reserved, size);
  }
  const long kib = memoryKib("VmHWM");
  printf("%zu GiB reserved, %d pages touched: at most %ld MiB, %.2f s\n", size >> 30, 2 * kTouched, kib / 1024,
         secondsNow() - start);
  return 0;
}
