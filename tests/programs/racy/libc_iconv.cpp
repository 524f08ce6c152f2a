// iconv reads what it consumes and writes what it produces, and moves four pointers; a conversion is one thread's at a
// time.
// EXPECT: races=3
#include <iconv.h>

#include "libc_cases.h"

char in[8] = "abcdef", out[8];
char *in_at, *out_at;
size_t in_left, out_left;
iconv_t conversion = iconv_open("UTF-8", "LATIN1");

void convert(size_t count) {
  in_at = in, out_at = out, in_left = count, out_left = sizeof out;
  iconv(conversion, &in_at, &in_left, &out_at, &out_left);
}

void convertOwn() {
  char own_in[8] = "abcdef", own_out[8], *from = own_in, *to = own_out;
  size_t from_left = 6, to_left = sizeof own_out;
  iconv(conversion, &from, &from_left, &to, &to_left);
}

constexpr Case kCases[] = {
    {"source", [] { convert(4); }, [] { in[3] = 'd'; }},
    {"target", [] { convert(4); }, [] { out[3] = 0; }},
    {"conversion", [] { convertOwn(); }, [] { convertOwn(); }},
};

int main() { raceCases(kCases); }
