// Formats that number their arguments read the strings that they name; one that has a dollar sign in its text, or
// binary numbers (glibc 2.35), numbers nothing. What a format leaves out is an integer; `%m` takes nothing, whatever
// follows.
// FLAGS: -std=c++20 -pthread -Wno-format
#include <stdio.h>
#include <wchar.h>

#include "libc_cases.h"

char first[8] = "first", second[8] = "second", out[64];
wchar_t wide[8] = L"wide";
int precision = 2, stored;

/// Leaves numbers on the stack that mean a double, where they are taken for a type of parse_printf_format.
__attribute__((noinline)) void fillStack() {
  volatile int numbers[2048];
  for (volatile int& number : numbers) number = 7;
}

constexpr Case kCases[] = {
    {"order", [] { keep(snprintf(out, 64, "%2$s %1$s", first, second)); }, [] { first[5] = 0; }},
    {"behind a number", [] { keep(snprintf(out, 64, "%2$d %1$s %3$f", second, 1, 2.0)); },
     [] { second[6] = 0; }},
    {"precision", [] { keep(snprintf(out, 64, "%1$.*2$s", second, precision)); },
     [] { second[1] = 'e'; }},
    {"a price", [] { keep(snprintf(out, 64, "%% costs 5$: %s", first)); }, [] { first[5] = 0; }},
    {"binary", [] { keep(snprintf(out, 64, "%#b %B %s", 5u, 6u, second)); },
     [] { second[6] = 0; }},
    {"left out",
     [] {
       fillStack();
       keep(snprintf(out, 64, "%2$s %4$s", 1, first, 3L, second));
     },
     [] { second[6] = 0; }},
    {"error text", [] { keep(snprintf(out, 64, "%ms, %mld, %d %s", 7, second)); },
     [] { second[6] = 0; }},
    {"wide", [] { keep(snprintf(out, 64, "%1$d %2$ls", 1, wide)); }, [] { wide[4] = 0; }},
};

constexpr Case kNeighbours[] = {
    {"precision", [] { keep(snprintf(out, 64, "%1$.*2$s", second, precision)); },
     [] { second[2] = 'c'; }},
    {"fixed precision", [] { keep(snprintf(out, 64, "%2$d %1$.3s", first, 1)); },
     [] { first[3] = 's'; }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
