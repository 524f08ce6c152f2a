// strfmon: the format, and the text with its last byte.
// EXPECT: races=4
#include <locale.h>
#include <monetary.h>

#include "libc_cases.h"

char text[64], format[] = "%n|%Ln";
locale_t language;

struct Prepared {
  Prepared() { language = newlocale(LC_ALL_MASK, "C", nullptr); }
} prepared;

constexpr Case kCases[] = {
    {"strfmon", [] { strfmon(text, sizeof text, "%!.2n", 1.5); }, [] { text[4] = 'x'; }},
    {"strfmon two", [] { strfmon(text, sizeof text, "%!.2n%!.2n", 1.5, 2.5); },
     [] { text[8] = 'x'; }},
    {"strfmon format", [] { strfmon(text, sizeof text, format, 1.5, 2.5L); },
     [] { format[5] = 'i'; }},
    {"strfmon_l", [] { strfmon_l(text, sizeof text, language, "%!n", 1.5); },
     [] { text[0] = 'x'; }},
};

int main() { raceCases(kCases); }
