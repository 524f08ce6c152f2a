// Threads that meet in the initialiser of a function's static variable all see it finished.
#include "threads.h"

struct Table {
  explicit Table(int first) {
    for (int i = 0; i < 64; i++) entries[i] = first + i;
  }
  int entries[64];
};

template <int kRound>
const Table& table() {
  static Table instance(kRound);
  return instance;
}

template <int kRound>
void meet() {
  runThreadsIndexed(4, [](int i) {
    barrierUninstrumented(4);
    for (int n = 0; n < 50; n++) USE_VALUE(table<kRound>().entries[i * 7]);
  });
}

int main() {
  meet<0>();
  meet<1>();
  meet<2>();
  meet<3>();
}
