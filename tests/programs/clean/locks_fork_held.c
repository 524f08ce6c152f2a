// Locks held over a fork are unlocked in the child: it is the same thread, whatever its number.
#include <pthread.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, in_handlers = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void prepare(void) { pthread_mutex_lock(&in_handlers); }
static void release(void) { pthread_mutex_unlock(&in_handlers); }

int main(void) {
  pthread_atfork(prepare, release, release);
  pthread_mutex_lock(&mutex);
  pthread_rwlock_rdlock(&lock);
  const pid_t child = fork();
  pthread_mutex_unlock(&mutex);
  pthread_rwlock_unlock(&lock);
  if (child == 0) _exit(0);
  int status = 1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
