// The bytes of one word come from different threads and epochs; the racing byte is neither the
// first nor the last that was written.
// EXPECT: races=1
// EXPECT: contains "writeByB"
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
__attribute__((noinline)) void writeByB() { word.bytes[1] = 1; }

int main() {
  runThreads(
      [] {  // A: byte 0, handed over; byte 3 in a later epoch, handed over
        word.bytes[0] = 1;
        hand();
        word.bytes[3] = 1;
        hand();
        stepAdvance();
      },
      [] {  // B: byte 1, never handed over
        stepWait(1);
        writeByB();
        stepAdvance();
      },
      [] {  // C: byte 2, handed over; then main's reader D
        stepWait(2);
        word.bytes[2] = 1;
        hand();
        stepAdvance();
      },
      [] {
        stepWait(3);
        hand();
        USE_VALUE(word.whole);
      });
}
