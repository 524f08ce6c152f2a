// libc_strcmp_constant.cpp - a buffer is compared with constants; the bytes that are compared last are written by
// another thread.
// EXPECT: races=7
#include <string.h>

#include "threads.h"

#define CASE __attribute__((noinline)) static

alignas(8) char text[16] = "hi";

CASE bool equals() { return strcmp(text, "hib") == 0; }
CASE bool equalsLonger() { return strcmp("hihihih", text) == 0; }
CASE bool equalsWhole() { return strcmp(text, "hi") == 0; }
CASE bool begins() { return strncmp(text, "hihi", 4) == 0; }
CASE bool beginsFound() { return strstr(text, "hihihihi") == text; }
CASE bool sameBytes() { return memcmp(text, "hi\0abcde", 8) == 0; }
CASE bool sameTwo() { return memcmp(text + 2, "\1-", 2) == 0; }

template <class Body>
void check(Body body) {
  runUnordered([=] { USE_VALUE(body()); }, [] { text[2] = 1; });
  text[2] = 0;
}

int main() {
  check([] { return equals(); });
  check([] { return equalsLonger(); });
  check([] { return equalsWhole(); });
  check([] { return begins(); });
  check([] { return beginsFound(); });
  check([] { return sameBytes(); });
  check([] { return sameTwo(); });
}
