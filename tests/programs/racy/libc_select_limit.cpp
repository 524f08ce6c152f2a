// libc_select_limit.cpp - select with the number of descriptors that there might be as its limit, and sets of
// FD_SETSIZE, an old idiom.
// EXPECT: races=3
// ENV: HINDSIGHT=report_duplicates=1
// Racy: all of the set is accessed.
#include <stdlib.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

constexpr int kLimit = 1 << 24;  // sets of two megabytes

struct {
  fd_set set;
  int behind[512];
} waits[3];

using Select = int (*)(fd_set* set);

const Select kSelects[] = {
    [](fd_set* set) { return select(kLimit, set, nullptr, nullptr, nullptr); },
    [](fd_set* set) { return pselect(kLimit, set, nullptr, nullptr, nullptr, nullptr); },
    [](fd_set* set) {
      return static_cast<int>(syscall(SYS_pselect6, kLimit, set, nullptr, nullptr, nullptr, nullptr));
    },
};

int main() {
  int ends[2];
  must(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
  for (int which = 0; which < 3; ++which) {
    auto& wait = waits[which];
    FD_SET(ends[0], &wait.set);
    runUnordered([&wait, which] { must(kSelects[which](&wait.set) == 1); },
                 [&wait] { FD_SET(1, &wait.set); });
  }
}
