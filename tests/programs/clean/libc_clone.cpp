// A copy of the process made by clone or _Fork, while another thread is busy with locks,
// goes on being checked: it takes locks, creates threads and ends.
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "threads.h"

int counter, worked;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, busy = PTHREAD_MUTEX_INITIALIZER;
char stack[1 << 18] __attribute__((aligned(64)));

void count() {
  pthread_mutex_lock(&mutex);
  counter++;
  pthread_mutex_unlock(&mutex);
}

int child(void*) {
  runThreads(count, count);
  return counter == 2 ? 7 : 1;
}

void expect(pid_t pid) {
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid) abort();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 7) abort();
}

int main() {
  Thread worker([] {
    for (int i = 0; i < 2000; i++) {
      pthread_mutex_lock(&busy);
      worked++;
      pthread_mutex_unlock(&busy);
    }
  });
  for (int i = 0; i < 3; i++) {
    expect(clone(child, stack + sizeof stack, SIGCHLD, nullptr));
    const pid_t pid = _Fork();
    if (pid == 0) _exit(child(nullptr));
    expect(pid);
  }
  worker.join();
}
