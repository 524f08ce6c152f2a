// The environment is one object: getenv reads it, setenv writes it.
// EXPECT: races=8
#include <getopt.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "libc_cases.h"

char name[8] = "HOME", value[8] = "x";
char program[] = "program", letter[] = "-a";
char* arguments[] = {program, letter, nullptr};
char* tokens[] = {const_cast<char*>("ro"), const_cast<char*>("size"), nullptr};
char options[16] = "ro,size=3";
char *option_at = options, *option_value;

constexpr Case kCases[] = {
    {"getenv", [] { keep(getenv("HOME") != nullptr); }, [] { setenv("NEW_NAME", "1", 1); }},
    {"setenv", [] { setenv("OTHER_NAME", "1", 1); }, [] { unsetenv("OTHER_NAME"); }},
    {"tzset", [] { tzset(); }, [] { setenv("TZ", "UTC", 1); }},
    {"getenv name", [] { keep(getenv(name) != nullptr); }, [] { name[3] = 'E'; }},
    {"getopt", [] { keep(getopt(2, arguments, "a")); }, [] { optind = 1; }},
    {"getsubopt",
     [] {
       option_at = options;
       keep(getsubopt(&option_at, tokens, &option_value));
     },
     [] { option_at = nullptr; }},
    {"localeconv", [] { keep(*localeconv()->decimal_point); },
     [] { localeconv()->grouping = nullptr; }},
    {"gettext", [] { keep(*gettext(value)); }, [] { value[0] = 'y'; }},
};

int main() { raceCases(kCases); }
