// strfmon: the format, and the text with its last byte.
#include <errno.h>
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

/// Several amounts of both types come out as they went in, and failures are the C library's.
bool isRight() {
  char out[64];
  const ssize_t length =
      strfmon(out, sizeof out, "a%n|%Ln|%=*#5n|%%|%!i|%=%#4.1n.", 1.5, 2.25L, 3.5, -4.5, 5.25);
  if (length != 37 || strcmp(out, "a1.50|2.25| ****3.50|%|-4.50| %%%5.2.") != 0) return false;
  if (strfmon(out, 9, "%n%n", 1.0, 2.0) != 8 || strfmon(out, 8, "%n%n", 1.0, 2.0) != -1)
    return false;
  return errno == E2BIG && strfmon(out, sizeof out, "") == 0 && out[0] == '\0';
}

int main() {
  orderCases(kCases);
  return isRight() ? 0 : 1;
}
