// Threads that are joined, that are detached, and one that goes on while the program ends. A child of
// fork does not answer for its parent's.
#include <pthread.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static void* nothing(void* unused) { return unused; }
static void* waits(void* unused) {
  for (;;) pause();
  return unused;
}
static void* detaches(void* unused) {
  pthread_detach(pthread_self());
  return unused;
}

int main(void) {
  pthread_t joined, detached, running, self_detached;
  pthread_create(&joined, NULL, nothing, NULL);
  pthread_create(&detached, NULL, nothing, NULL);
  pthread_create(&self_detached, NULL, detaches, NULL);
  pthread_create(&running, NULL, waits, NULL);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  int status = 1;
  waitpid(child, &status, 0);
  pthread_join(joined, NULL);
  pthread_detach(detached);
  return status;
}
