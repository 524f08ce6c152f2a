// The check is switched off.
// ENV: HINDSIGHT=report_thread_leaks=0
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

static void* nothing(void* unused) { return unused; }

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, nothing, NULL);
  usleep(20000);
  return 0;
}
