// wprintf and wscanf families: strings are read, buffers and targets written.
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#include "libc_cases.h"

wchar_t text[16] = L"12 word", out[32], name[8] = L"name";
char narrow[8] = "narrow";
int number;
wchar_t word[16];

constexpr Case kCases[] = {
    {"swprintf buffer", [] { keep(swprintf(out, 32, L"%d", 123)); }, [] { out[3] = 1; }},
    {"swprintf wide string",
     [] {
       wchar_t mine[32];
       keep(swprintf(mine, 32, L"%ls", name));
     },
     [] { name[4] = 0; }},
    {"swprintf narrow string",
     [] {
       wchar_t mine[32];
       keep(swprintf(mine, 32, L"%.3s", narrow));
     },
     [] { narrow[2] = 'r'; }},
    {"fwprintf", [] { keep(fwprintf(stderr, name)); }, [] { name[0] = L'n'; }},
    {"swscanf text",
     [] {
       int mine;
       keep(swscanf(text, L"%d", &mine));
     },
     [] { text[0] = L'1'; }},
    {"swscanf number", [] { keep(swscanf(L"7", L"%d", &number)); }, [] { number = 0; }},
    {"swscanf word", [] { keep(swscanf(L"abc", L"%ls", word)); }, [] { word[3] = 1; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"swprintf buffer", [] { keep(swprintf(out, 32, L"%d", 123)); }, [] { out[4] = 1; }},
    {"swprintf precision",
     [] {
       wchar_t mine[32];
       keep(swprintf(mine, 32, L"%.3s", narrow));
     },
     [] { narrow[3] = 'r'; }},
    {"swscanf failed", [] { keep(swscanf(L"x", L"%d", &number)); }, [] { number = 0; }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
