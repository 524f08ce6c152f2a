// libc_inlined_calls.cpp - small calls of the C library that the compiler would lay out as moves, unordered with a
// write of the first byte that they read.
// EXPECT: races=14
#include <string.h>

#include "threads.h"

alignas(16) char from[16];
alignas(16) char to[16];

template <class Body>
void check(Body body) {
  runUnordered([=] { USE_VALUE(body()); }, [] { from[0] = 1; });
  from[0] = 0;
}

int main() {
  check([] { return memcmp(from, "1234", 4); });
  check([] { return memcmp(from, "12345678", 8) < 0; });
  check([] { return memcmp(from, to, 1) == 0; });
  check([] { return memcmp(from, to, 2) == 0; });
  check([] { return memcmp(from, "1234567812345678", 16) == 0; });
  check([] { return memcmp(from, to, 16) > 0; });
  check([] { return bcmp(from, "12345678", 8) == 0; });
  check([] { return static_cast<char*>(mempcpy(to, from, 8)); });
  check([] { return stpcpy(to, from); });
  check([] { return strcmp(from, "") == 0; });
  check([] { return strcmp(from, "h"); });
  check([] { return strncmp(from, "ho", 2) == 0; });
  check([] { return strlen(from) == 0; });
  check([] { return strnlen(from, 4); });
}
