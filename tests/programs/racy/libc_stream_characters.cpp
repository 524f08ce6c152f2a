// libc_stream_characters.cpp - characters that are read one at a time or by lines, without the stream's lock, from
// a pipe; the data is written after what announces it.
// EXPECT: races=11
// ENV: HINDSIGHT=report_duplicates=1
// Racy: only what precedes the write is ordered before the read.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

#include "threads.h"

static void must(bool condition) {
  if (!condition) abort();
}

char line[8];
wchar_t wide_line[8];

using Read = bool (*)(FILE*);

const Read kReads[] = {
    [](FILE* stream) { return getc_unlocked(stream) == 'x'; },
    [](FILE* stream) { return fgetc_unlocked(stream) == 'x'; },
    [](FILE* stream) { return fgets_unlocked(line, sizeof line, stream) != nullptr; },
    [](FILE* stream) { return getw(stream) != EOF; },
    [](FILE* stream) { return getwc(stream) == L'x'; },
    [](FILE* stream) { return fgetwc(stream) == L'x'; },
    [](FILE* stream) { return getwc_unlocked(stream) == L'x'; },
    [](FILE* stream) { return fgetwc_unlocked(stream) == L'x'; },
    [](FILE* stream) { return fgetws(wide_line, 8, stream) != nullptr; },
    [](FILE* stream) { return fgetws_unlocked(wide_line, 8, stream) != nullptr; },
    [](FILE*) { return getchar_unlocked() == 'x'; },
};
constexpr int kCount = sizeof kReads / sizeof *kReads;

int data[kCount];

int main() {
  for (int which = 0; which < kCount; ++which) {
    int ends[2];
    must(pipe(ends) == 0);
    if (which == kCount - 1) must(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    FILE* const stream = fdopen(ends[0], "r");
    const int to = ends[1];
    hindsight_test::Step written;
    runThreads(
        [=, &written] {
          must(write(to, "x23\n", 4) == 4);
          data[which] = 1;
          written.advance();
        },
        [=, &written] {
          must(kReads[which](stream));
          written.wait(1);
          USE_VALUE(data[which]);
        });
  }
}
