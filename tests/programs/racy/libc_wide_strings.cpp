// Wide string functions read up to the character that decides and write what they copy.
// EXPECT: races=15
#include <wchar.h>

#include "libc_cases.h"

wchar_t text[16] = L"one two", other[16] = L"one two three", out[16];
wchar_t* state;

constexpr Case kCases[] = {
    {"wcscasecmp", [] { keep(wcscasecmp(text, other)); }, [] { text[7] = 0; }},
    {"wcsncasecmp", [] { keep(wcsncasecmp(text, other, 3)); }, [] { other[2] = L'e'; }},
    {"wcsspn", [] { keep(wcsspn(text, L"eno")); }, [] { text[3] = L' '; }},
    {"wcscspn", [] { keep(wcscspn(text, L" ")); }, [] { text[3] = L' '; }},
    {"wcspbrk", [] { keep(wcspbrk(text, L"w") != nullptr); }, [] { text[5] = L'w'; }},
    {"wcsstr", [] { keep(wcsstr(other, L"two") != nullptr); }, [] { other[6] = L'o'; }},
    {"wcpcpy", [] { wcpcpy(out, text); }, [] { out[7] = 0; }},
    {"wcpncpy", [] { wcpncpy(out, text, 12); }, [] { out[11] = 0; }},
    {"wcsxfrm", [] { keep(wcsxfrm(nullptr, text, 0)); }, [] { text[1] = L'n'; }},
    {"wcscoll", [] { keep(wcscoll(text, other)); }, [] { other[8] = L't'; }},
    {"wcstol", [] { keep(wcstol(other, nullptr, 10)); }, [] { other[0] = L'o'; }},
    {"wcstok",
     [] {
       wcscpy(out, L"a b");
       keep(wcstok(out, L" ", &state) != nullptr);
     },
     [] { state = nullptr; }},
    {"mbstowcs", [] { keep(mbstowcs(out, "abc", 16)); }, [] { out[3] = 1; }},
    {"wcstombs",
     [] {
       char bytes[8];
       keep(wcstombs(bytes, other, 8));
     },
     [] { other[2] = L'e'; }},
    {"wcswidth", [] { keep(wcswidth(text, 3)); }, [] { text[2] = L'e'; }},
};

int main() { raceCases(kCases); }
