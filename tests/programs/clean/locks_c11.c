// C11 mutexes, plain and recursive, used as they should be.
#include <threads.h>

int main(void) {
  mtx_t plain, recursive;
  mtx_init(&plain, mtx_plain);
  mtx_init(&recursive, mtx_plain | mtx_recursive);
  mtx_lock(&plain);
  mtx_lock(&recursive);
  mtx_lock(&recursive);
  mtx_unlock(&recursive);
  mtx_unlock(&recursive);
  mtx_unlock(&plain);
  mtx_destroy(&plain);
  mtx_destroy(&recursive);
  return 0;
}
