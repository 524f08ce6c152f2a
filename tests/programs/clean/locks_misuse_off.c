// The check is switched off.
// ENV: HINDSIGHT=report_mutex_bugs=0
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_unlock(&mutex);
  return 0;
}
