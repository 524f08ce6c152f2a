// sync_once_retried.cpp - std::call_once: the first initialiser throws, the second one counts.
// Clean: attempts are ordered, and the successful one is before every return.
// TSan: ends in a deadlock (it loses the exception's reset of the flag).
#include <mutex>

#include "schedule.h"
#include "threads.h"

std::once_flag once;
int attempts, value;

void fail() {
  ++attempts;
  throw 1;
}
void succeed() { value = ++attempts; }

int main() {
  runThreads(
      [] {
        try {
          std::call_once(once, fail);
          abort();
        } catch (int) {
        }
        stepAdvance();
      },
      [] {
        stepWait(1);
        std::call_once(once, succeed);
        stepAdvance();
      },
      [] {
        stepWait(2);
        std::call_once(once, fail);
        if (value != 2) abort();
      });
  return 0;
}
