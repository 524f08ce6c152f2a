// libc_strcmp_constant.cpp - a buffer is compared with constants; what lies behind its string, or behind the first
// difference, is written by another thread. The optimiser makes one load of as many bytes as the constant has.
// TSan: false reports (-O1 and more).
#include <string.h>

#include "threads.h"

#define CASE __attribute__((noinline)) static

alignas(8) char text[16] = "hi";

CASE bool equals() { return strcmp(text, "abc") == 0; }
CASE bool equalsLonger() { return strcmp("hihihih", text) == 0; }
CASE bool equalsWhole() { return strcmp(text, "hi") == 0; }
CASE bool begins() { return strncmp(text, "hihi", 4) == 0; }
CASE bool beginsFound() { return strstr(text, "hihihihi") == text; }
CASE bool sameBytes() { return memcmp(text, "habcdefg", 8) == 0; }
CASE bool sameTwo() { return memcmp(text + 2, "-4", 2) == 0; }

template <class Body>
void check(Body body) {
  runUnordered([=] { USE_VALUE(body()); }, [] { memset(text + 3, 'x', 13); });
  memset(text + 3, 0, 13);
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
