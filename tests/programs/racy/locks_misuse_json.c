// The same report as JSON.
// EXPECT: reports=0
// EXPECT: contains ""kind":"mutex_misuse""
// EXPECT: contains ""problem":"unlock_of_unlocked""
// EXPECT: contains ""parts":[{"role":"call","thread":0,"lock":"0x"
// EXPECT: contains ""races":0,"other_problems":1,"
// ENV: HINDSIGHT=log_format=json
#include <pthread.h>

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_unlock(&mutex);
  return 0;
}
