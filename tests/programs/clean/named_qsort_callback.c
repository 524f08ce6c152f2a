// Sorting and searching with callbacks, each thread on its own array, the counter under a lock.
#include <pthread.h>
#include <stdlib.h>

#include "schedule.h"

int comparisons;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int compare(const void* left, const void* right) {
  pthread_mutex_lock(&mutex);
  comparisons++;
  pthread_mutex_unlock(&mutex);
  return *(const int*)left - *(const int*)right;
}
static void* sorter(void* unused) {
  int numbers[100];
  for (int i = 0; i < 100; i++) numbers[i] = i * 37 % 100;
  qsort(numbers, 100, sizeof numbers[0], compare);
  int key = 42;
  int* found = bsearch(&key, numbers, 100, sizeof numbers[0], compare);
  if (found == NULL || *found != 42) abort();
  return unused;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, sorter, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  return comparisons == 0;
}
