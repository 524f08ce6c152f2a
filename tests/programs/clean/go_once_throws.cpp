// A function that throws has ended, too: what it did before happens before every return. once_value
// gives the exception to every caller.
#include "hindsight/once.h"
#include "threads.h"

int value;

int main() {
  hindsight::once first;
  auto answer = hindsight::once_value([]() -> int { throw 2; });
  runThreadsIndexed(4, [&](int) {
    try {
      first.call([] {
        value = 1;
        throw 1;
      });
    } catch (int) {
    }
    if (value != 1) abort();
    try {
      USE_VALUE(answer());
      abort();
    } catch (int) {
    }
  });
}
