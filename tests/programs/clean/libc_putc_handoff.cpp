// putc into a pipe happens before the getc that takes the character.
#include <stdio.h>
#include <unistd.h>

#include "threads.h"

int message;

int main() {
  int fds[2], others[2];
  if (pipe(fds) != 0 || pipe(others) != 0) return 1;
  FILE* out = fdopen(fds[1], "w");
  FILE* in = fdopen(fds[0], "r");
  setvbuf(out, nullptr, _IONBF, 0);
  if (write(others[1], "y", 1) != 1) return 1;
  runThreads(
      [=] {
        message = 1;
        putc('x', out);
        stepAdvance();
      },
      [=] {
        stepWait(1);
        if (getc(in) != EOF) message = 2;
      });
}
