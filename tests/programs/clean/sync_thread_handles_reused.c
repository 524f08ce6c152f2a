// Threads end and are joined or detached while others begin: a pthread_t is another thread's as soon as the C library
// has let go of it, before whoever joined or detached is back.
// Clean: each creator joins the thread that it has created, whatever others do with handles of the same value.
#include <pthread.h>
#include <stdlib.h>

enum { kRounds = 1000, kCreators = 6 };

static void* writes(void* block) {
  *(long*)block = 1;
  return NULL;
}

static void* ends(void* unused) {
  return unused;
}

static void* joins(void* unused) {
  for (int i = 0; i < kRounds; i++) {
    long* block = malloc(sizeof *block);
    pthread_t child;
    if (pthread_create(&child, NULL, writes, block) != 0) abort();
    if (pthread_join(child, NULL) != 0) abort();
    *block = 2;
    free(block);
  }
  return unused;
}

static void* detaches(void* unused) {
  for (int i = 0; i < kRounds; i++) {
    pthread_t child;
    if (pthread_create(&child, NULL, ends, NULL) != 0) abort();
    if (pthread_detach(child) != 0) abort();
  }
  return unused;
}

int main(void) {
  pthread_t creators[kCreators];
  for (int i = 0; i < kCreators; i++) pthread_create(&creators[i], NULL, i % 2 == 0 ? joins : detaches, NULL);
  for (int i = 0; i < kCreators; i++) pthread_join(creators[i], NULL);
  return 0;
}
