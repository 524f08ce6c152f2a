// A barrier that a child process waits at, too: who has arrived in this process does not say how many have.
// Racy: both threads write between the same two waits.
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kPhases = 6 };

static pthread_barrier_t* barrier;
static int written;

static void* writeInEven(void* unused) {
  for (int i = 0; i < kPhases; i++) {
    if (i % 2 == 0) written++;
    pthread_barrier_wait(barrier);
  }
  return unused;
}

int main(void) {
  barrier = mmap(NULL, sizeof *barrier, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (barrier == MAP_FAILED) abort();
  pthread_barrierattr_t attributes;
  pthread_barrierattr_init(&attributes);
  pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_barrier_init(barrier, &attributes, 3);
  const pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < kPhases; i++) pthread_barrier_wait(barrier);
    _exit(0);
  }
  pthread_t thread;
  pthread_create(&thread, NULL, writeInEven, NULL);
  for (int i = 0; i < kPhases; i++) {
    if (i % 2 == 0) written++;
    pthread_barrier_wait(barrier);
  }
  pthread_join(thread, NULL);
  int status = 1;
  if (waitpid(child, &status, 0) != child || status != 0) abort();
  return 0;
}
