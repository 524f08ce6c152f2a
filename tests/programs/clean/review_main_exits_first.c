// The main thread leaves by pthread_exit and is joined: what it did happened before.
#include <pthread.h>
#include <stddef.h>

int value;
static pthread_t main_thread;

static void* joins(void* unused) {
  pthread_join(main_thread, NULL);
  value = 2;
  return unused;
}

int main(void) {
  pthread_t thread;
  main_thread = pthread_self();
  pthread_create(&thread, NULL, joins, NULL);
  value = 1;
  pthread_exit(NULL);
}
