// The unwinder prepares itself by pthread_once at the first exception of the process: that orders nothing of the
// program's. Here it is in the executable.
// TSan: missed.
// FLAGS: -std=c++20 -pthread -static-libgcc -static-libstdc++
// REQUIRES: libstdc++
#include "threads.h"

int number;

__attribute__((noinline)) void throwAndCatch() {
  try {
    throw 1;
  } catch (int) {
  }
}

int main() {
  runUnordered(
      [] {
        number = 1;
        throwAndCatch();
      },
      [] {
        throwAndCatch();
        number = 2;
      });
}
