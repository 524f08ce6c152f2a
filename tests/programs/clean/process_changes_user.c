// setuid and setgid, which the C library carries to every thread by a signal of its own, and chroot-like changes of directory,
// while other threads work under a lock.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void* work(void* unused) {
  for (int i = 0; i < 2000; i++) {
    pthread_mutex_lock(&mutex);
    counter++;
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 20; i++)
    if (setuid(getuid()) != 0 || setgid(getgid()) != 0 || setresuid(-1, geteuid(), -1) != 0) abort();
  if (chdir("/") != 0) abort();
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  return counter == 6000 ? 0 : 1;
}
