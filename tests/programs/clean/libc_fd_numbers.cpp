// libc_fd_numbers.cpp - threads open, use and close pipes at the same time; numbers are used again.
// Clean: each pipe belongs to one thread.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schedule.h"
#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

int main() {
  runThreadsIndexed(4, [](int self) {
    for (int i = 0; i < 500; ++i) {
      int ends[2], received = 0;
      must(pipe(ends) == 0);
      const int sent = self * 1000 + i;
      const int copy = dup(ends[1]);
      must(copy >= 0 && close(ends[1]) == 0);
      must(write(copy, &sent, sizeof sent) == sizeof sent && close(copy) == 0);
      must(read(ends[0], &received, sizeof received) == sizeof received && received == sent);
      must(read(ends[0], &received, 1) == 0 && close(ends[0]) == 0);
    }
  });
  return 0;
}
