// A child made by vfork calls functions, fails to run a program and leaves by _exit; the parent goes
// on as before.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) static void runNothing(void) {
  char* const arguments[] = {"nothing", NULL};
  execv("/nonexistent/program", arguments);
  _exit(7);
}
static void* spawns(void* unused) {
  for (int i = 0; i < 10; i++) {
    const pid_t child = vfork();
    if (child == 0) runNothing();
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) abort();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 7) abort();
  }
  return unused;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, spawns, NULL);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  return 0;
}
