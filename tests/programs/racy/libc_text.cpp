// String functions with a locale, and the less usual ones.
// EXPECT: races=16
#include <argz.h>
#include <envz.h>
#include <libgen.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "libc_cases.h"

char text[32] = "v1.10", other[32] = "v1.9", out[64], path[32] = "/usr/lib/", number[16] = "12.5";
locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
char* argz;
size_t argz_bytes;
char* end;
int place, sign;

constexpr Case kCases[] = {
    {"strcasecmp_l", [] { keep(strcasecmp_l(text, other, c_locale)); }, [] { text[3] = '1'; }},
    {"strncasecmp_l", [] { keep(strncasecmp_l(text, other, 3, c_locale)); },
     [] { other[2] = '.'; }},
    {"strcoll_l", [] { keep(strcoll_l(text, other, c_locale)); }, [] { other[4] = 0; }},
    {"strverscmp", [] { keep(strverscmp(text, other)); }, [] { text[4] = '0'; }},
    {"strtod_l", [] { keep(strtod_l(number, &end, c_locale)); }, [] { number[4] = 0; }},
    {"strtol_l", [] { keep(strtol_l(number, &end, 10, c_locale)); }, [] { end = nullptr; }},
    {"strfromd", [] { keep(strfromd(out, 64, "%.2f", 1.5)); }, [] { out[4] = 1; }},
    {"swab", [] { swab(text, out, 4); }, [] { out[3] = 1; }},
    {"memfrob", [] { memfrob(out, 4); }, [] { out[3] = 1; }},
    {"ecvt_r", [] { keep(ecvt_r(3.25, 3, &place, &sign, out, 64)); }, [] { place = 0; }},
    {"strerror_r", [] { keep(strerror_r(99999, out, 64) != nullptr); }, [] { out[0] = 1; }},
    {"dirname",
     [] {
       strcpy(path, "/usr/lib");
       keep(*dirname(path));
     },
     [] { path[4] = 0; }},
    {"argz_create_sep", [] { keep(argz_create_sep("a:b", ':', &argz, &argz_bytes)); },
     [] { argz_bytes = 0; }},
    {"argz_count", [] { keep(argz_count(text, 6)); }, [] { text[5] = 0; }},
    {"envz_get", [] { keep(envz_get(text, 6, "x") != nullptr); }, [] { text[0] = 'v'; }},
    {"a64l", [] { keep(a64l(number)); }, [] { number[0] = '1'; }},
};

int main() { raceCases(kCases); }
