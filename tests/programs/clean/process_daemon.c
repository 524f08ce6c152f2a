// A program that becomes a daemon (a fork whose parent leaves at once) and only then starts threads.
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int counter;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* work(void* unused) {
  pthread_mutex_lock(&mutex);
  counter++;
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  int ends[2];
  if (pipe(ends) != 0) abort();
  const pid_t pid = fork();
  if (pid == 0) {
    if (daemon(1, 1) != 0) abort();
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    const char result = counter == 2 ? 'y' : 'n';
    if (write(ends[1], &result, 1) != 1) abort();
    exit(0);
  }
  char result;
  int status;
  if (waitpid(pid, &status, 0) != pid || status != 0) abort();
  if (read(ends[0], &result, 1) != 1) abort();
  return result == 'y' ? 0 : 1;
}
