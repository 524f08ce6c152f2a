// Processes are forked while other threads start and end threads; parent and children go on.
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void* nothing(void* unused) { return unused; }
static void* starts(void* unused) {
  for (int i = 0; i < 150; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, nothing, NULL) != 0) abort();
    pthread_join(thread, NULL);
  }
  return unused;
}
static void* forks(void* unused) {
  for (int i = 0; i < 40; i++) {
    const pid_t child = fork();
    if (child == 0) {
      pthread_t thread;
      if (pthread_create(&thread, NULL, nothing, NULL) != 0) _exit(1);
      pthread_join(thread, NULL);
      _exit(0);
    }
    int status = 1;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) abort();
  }
  return unused;
}

int main(void) {
  pthread_t threads[3];
  pthread_create(&threads[0], NULL, starts, NULL);
  pthread_create(&threads[1], NULL, starts, NULL);
  pthread_create(&threads[2], NULL, forks, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  return 0;
}
