// sync_cond_queue.cpp - producers and consumers of a bounded queue with two condition variables.
// Clean: the queue is touched under its mutex only, an item by who owns it.
#include <pthread.h>

#include "schedule.h"
#include "threads.h"

constexpr int kItems = 1000;
constexpr int kCapacity = 4;

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
int* queue[kCapacity];
int count;
long total;

void produce(int) {
  for (int i = 0; i < kItems; ++i) {
    int* item = new int(i);
    pthread_mutex_lock(&mutex);
    while (count == kCapacity) pthread_cond_wait(&not_full, &mutex);
    queue[count++] = item;
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&not_empty);
  }
}

void consume(int) {
  long sum = 0;
  for (int i = 0; i < kItems; ++i) {
    pthread_mutex_lock(&mutex);
    while (count == 0) pthread_cond_wait(&not_empty, &mutex);
    int* item = queue[--count];
    pthread_mutex_unlock(&mutex);
    pthread_cond_signal(&not_full);
    sum += (*item)++;
    delete item;
  }
  pthread_mutex_lock(&mutex);
  total += sum;
  pthread_mutex_unlock(&mutex);
}

int main() {
  runThreads([] { runThreadsIndexed(2, produce); }, [] { runThreadsIndexed(2, consume); });
  return total == 2L * (kItems - 1) * kItems / 2 ? 0 : 1;
}
