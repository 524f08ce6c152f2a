// The bytes of one word come from different threads and epochs, all handed over to the reader.
#include "threads.h"

union {
  unsigned int whole;
  unsigned char bytes[4];
} word;
pthread_mutex_t handover = PTHREAD_MUTEX_INITIALIZER;

void hand() {
  pthread_mutex_lock(&handover);
  pthread_mutex_unlock(&handover);
}

int main() {
  runThreads(
      [] {
        word.bytes[0] = 1;
        hand();
        word.bytes[3] = 1;
        hand();
        stepAdvance();
      },
      [] {
        stepWait(1);
        word.bytes[1] = 1;
        hand();
        stepAdvance();
      },
      [] {
        stepWait(2);
        word.bytes[2] = 1;
        hand();
        stepAdvance();
      },
      [] {
        stepWait(3);
        hand();
        USE_VALUE(word.whole);
        word.whole = 0;
      });
}
