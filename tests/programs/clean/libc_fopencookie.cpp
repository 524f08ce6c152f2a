// Two threads write to one stream; its functions share a counter that the stream's lock guards.
// TSan: false report.
#include <stdio.h>

#include "threads.h"

int written;  // guarded by the stream: stdio calls one function at a time

ssize_t take(void*, const char*, size_t bytes) {
  written += static_cast<int>(bytes);
  return static_cast<ssize_t>(bytes);
}

int main() {
  FILE* stream = fopencookie(nullptr, "w", {nullptr, take, nullptr, nullptr});
  setvbuf(stream, nullptr, _IONBF, 0);
  runThreads(
      [=] {
        fputs("one", stream);
        stepAdvance();
      },
      [=] {
        stepWait(1);
        fputs("two", stream);
      });
  fclose(stream);
}
