// A loop counts in a global under a condition that never holds, and behind it the count is read under another one
// that never holds. The optimiser would load it once, in front of the loop. What the source never reads must not be
// reported, in whatever order another thread writes it.
// TSan: false report from -O1 on.
#include "threads.h"

constexpr int kRounds = 8;
constexpr int kMost = 99;
int numbers[kRounds];
int mode;
int errors;

__attribute__((noinline)) static int countAndTell(int rounds) {
  for (int i = 0; i < rounds; i++) {
    if (numbers[i] > kMost) errors += 1;
  }
  return mode == 3 ? errors : rounds;
}

__attribute__((noinline)) static int countTwice(int rounds) {
  for (int i = 0; i < kRounds; i++) {
    if (numbers[i] > kMost) errors += 1;
  }
  if (mode == 3) errors += 1;
  return rounds;
}

struct Record {
  int first;
  int last;
} record;

/// The member's address is computed under each condition anew.
__attribute__((noinline)) static int keepLast(Record& kept, int rounds) {
  int sum = 0;
  for (int i = 0; i < rounds; i++) {
    if (numbers[i] > kMost) kept.last = i;
    if (numbers[i] > kMost - 1) sum += kept.last;
  }
  return mode == 3 ? kept.last : sum;
}

static void work() {
  USE_VALUE(keepLast(record, kRounds));
  USE_VALUE(countAndTell(kRounds));
  USE_VALUE(countTwice(kRounds));
}

int main() {
  for (int i = 0; i < kRounds; i++) numbers[i] = i;
  runUnordered(work, [] { errors = record.last = 1; });
  runUnordered([] { errors = record.last = 2; }, work);
}
