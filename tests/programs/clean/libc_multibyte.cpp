// mbrtowc, wcrtomb and their kin: bytes looked at, the character and the state written.
#include <locale.h>
#include <uchar.h>
#include <wchar.h>

#include "libc_cases.h"

char bytes[8] = "xyz", out[16];
wchar_t wide[8] = L"xyz", character;
char16_t unit;
mbstate_t state, states[8];
const char* from = bytes;
const wchar_t* wide_from = wide;

constexpr Case kCases[] = {
    {"mbrtowc", [] { keep(mbrtowc(&character, bytes, 3, &state)); }, [] { bytes[0] = 'x'; }},
    {"mbrtowc state", [] { keep(mbrtowc(nullptr, bytes + 1, 2, &states[0])); },
     [] { states[0] = {}; }},
    {"mbrtoc16", [] { keep(mbrtoc16(&unit, bytes + 2, 1, &states[1])); }, [] { unit = 1; }},
    {"wcrtomb", [] { keep(wcrtomb(out, L'q', &states[2])); }, [] { out[0] = 1; }},
    {"mbrlen", [] { keep(mbrlen(bytes + 1, 1, &states[3])); }, [] { bytes[1] = 'y'; }},
    {"mbsrtowcs",
     [] {
       from = bytes;
       keep(mbsrtowcs(wide + 4, &from, 3, &states[4]));
     },
     [] { wide[6] = 0; }},
    {"wcsrtombs",
     [] {
       wide_from = wide;
       keep(wcsrtombs(out + 4, &wide_from, 2, &states[5]));
     },
     [] { out[5] = 0; }},
    {"mbsnrtowcs",
     [] {
       from = bytes;
       keep(mbsnrtowcs(wide + 4, &from, 2, 4, &states[6]));
     },
     [] { from = bytes; }},
    {"mbsinit", [] { keep(mbsinit(&states[7])); }, [] { states[7] = {}; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"mbrtowc", [] { keep(mbrtowc(&character, bytes, 3, &state)); }, [] { bytes[1] = 'y'; }},
    {"wcrtomb", [] { keep(wcrtomb(out, L'q', &states[2])); }, [] { out[1] = 1; }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
