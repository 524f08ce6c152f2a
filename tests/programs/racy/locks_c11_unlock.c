// A C11 mutex that nobody holds is unlocked; C11 does not say how it tells.
// EXPECT: reports=1
// EXPECT: contains "WARNING: UNLOCK OF AN UNLOCKED MUTEX"
#include <threads.h>

int main(void) {
  mtx_t mutex;
  mtx_init(&mutex, mtx_plain);
  mtx_lock(&mutex);
  mtx_unlock(&mutex);
  mtx_unlock(&mutex);
  mtx_destroy(&mutex);
  return 0;
}
