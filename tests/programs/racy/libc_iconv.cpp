// iconv reads what it consumes and writes what it produces, and moves four pointers.
// EXPECT: races=2
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

constexpr Case kCases[] = {
    {"source", [] { convert(4); }, [] { in[3] = 'd'; }},
    {"target", [] { convert(4); }, [] { out[3] = 0; }},
};

int main() { raceCases(kCases); }
