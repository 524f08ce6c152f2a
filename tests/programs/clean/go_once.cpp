// The end of the function -> every return: of those who ran it, waited for it, and came later.
#include "hindsight/once.h"
#include "threads.h"

hindsight::once initialised[50];
int values[50];

int main() {
  runThreadsIndexed(4, [](int) {
    for (int i = 0; i < 50; i++) {
      initialised[i].call([i] { values[i]++; });
      if (values[i] != 1) abort();
    }
  });
}
