// The same long silence, ended by an acquire of the lock.
#include "threads.h"

int written, read_value;
pthread_mutex_t related = PTHREAD_MUTEX_INITIALIZER;

int main() {
  runUnordered(
      [] {
        written = 1;
        USE_VALUE(read_value);
        for (int i = 0; i < 50000; i++) {
          pthread_mutex_lock(&related);
          pthread_mutex_unlock(&related);
        }
      },
      [] {
        pthread_mutex_lock(&related);
        pthread_mutex_unlock(&related);
        USE_VALUE(written);
        read_value = 1;
      });
}
