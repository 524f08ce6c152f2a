// libc_fixed_stream.cpp - threads share streams of fmemopen; others touch the bytes next to what these access. The
// results are those of the C library, errors included.
// Clean: the streams' locks order the accesses to the arrays, and nothing else in them is accessed.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "schedule.h"
#include "threads.h"

char source[8] = "abcdefg", target[8], appended[8] = "ab", shared[4096];

void check(bool holds) {
  if (!holds) abort();
}

void checkResults() {
  char text[16] = "abc";
  memset(text + 4, 'U', 12);
  FILE* stream = fmemopen(text, 8, "r+");
  char got[16];
  check(fread(got, 1, 16, stream) == 8 && feof(stream) != 0 && memcmp(got, "abc\0UUUU", 8) == 0);
  check(fseek(stream, 2, SEEK_SET) == 0 && fwrite("XY", 1, 2, stream) == 2 && fflush(stream) == 0);
  check(ftell(stream) == 4 && memcmp(text, "abXYUUUU", 8) == 0);
  check(fseek(stream, 0, SEEK_END) == 0 && ftell(stream) == 8 && fseek(stream, 9, SEEK_SET) == -1);
  check(fclose(stream) == 0);

  stream = fmemopen(text, 8, "w+");
  check(text[0] == '\0' && fread(got, 1, 1, stream) == 0 && fileno(stream) == -1);
  check(fseek(stream, 3, SEEK_SET) == 0 && fwrite("0123456789", 1, 10, stream) == 10);
  check(fflush(stream) == EOF && memcmp(text, "\0bX01234", 7) == 0);
  fclose(stream);

  memset(text, 0, sizeof text);
  memcpy(text, "abc", 3);
  stream = fmemopen(text, 8, "a+");
  check(ftell(stream) == 3 && fputs("de", stream) >= 0 && fflush(stream) == 0);
  check(strcmp(text, "abcde") == 0 && fseek(stream, 0, SEEK_END) == 0 && ftell(stream) == 5);
  rewind(stream);
  check(fgets(got, 16, stream) != nullptr && strcmp(got, "abcde") == 0);
  fclose(stream);

  check(fmemopen(text, 8, "q") == nullptr && errno == EINVAL);
  stream = fmemopen(nullptr, 8, "w+");
  fputs("own", stream);
  rewind(stream);
  check(fgets(got, 16, stream) != nullptr && strcmp(got, "own") == 0);
  fclose(stream);
}

int main() {
  checkResults();
  FILE* reading = fmemopen(source, 7, "r");
  FILE* writing = fmemopen(target, 7, "w");
  FILE* appending = fmemopen(appended, 7, "a");
  runUnordered(
      [=] {
        check(getc(reading) == 'a');
        fputs("xyz", writing);
        fclose(writing);
        fputs("c", appending);
        fclose(appending);
        fclose(reading);
      },
      [] {
        source[7] = 1;
        target[4] = 1;
        appended[4] = 1;
      });
  FILE* both = fmemopen(shared, sizeof shared, "w");
  runThreadsIndexed(3, [=](int) {
    for (int i = 0; i < 100; ++i) {
      fprintf(both, "%d", i);
      if (i % 10 == 0) fflush(both);
    }
  });
  fclose(both);
  check(strlen(shared) == 3 * 190);
  return 0;
}
