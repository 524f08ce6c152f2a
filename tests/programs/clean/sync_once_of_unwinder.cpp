// The unwinder prepares itself by pthread_once at the first exception of the process: that orders nothing of the
// program's.
#include "threads.h"

int number;

__attribute__((noinline)) void throwAndCatch() {
  try {
    throw 1;
  } catch (int) {
  }
}

int main() {
  runOrdered(
      [] {
        number = 1;
        throwAndCatch();
      },
      [] {
        throwAndCatch();
        number = 2;
      });
}
