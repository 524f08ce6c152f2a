// Two increments ordered by join.
#include "threads.h"

int by_threads;
int by_main;

int main() {
  runOrdered([] { by_threads++; }, [] { by_threads--; });

  Thread thread([] { by_main++; });
  thread.join();
  by_main--;
}
