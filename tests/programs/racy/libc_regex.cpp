// Regular expressions: compiling writes the expression, matching reads it and the text and writes
// the matches.
// EXPECT: races=5
#include <regex.h>

#include "libc_cases.h"

regex_t expression, fresh, quiet;
regmatch_t matches[4], quiet_matches[4];
char text[16] = "xxabcxx", message[64];

struct Compiled {
  Compiled() {
    regcomp(&expression, "a(b)c", REG_EXTENDED);
    regcomp(&quiet, "a(b)c", REG_EXTENDED | REG_NOSUB);
  }
} compiled;

constexpr Case kCases[] = {
    {"regcomp", [] { keep(regcomp(&fresh, "x*", 0)); },
     [] { keep(regexec(&fresh, "xx", 0, nullptr, 0)); }},
    {"regexec text", [] { keep(regexec(&expression, text, 0, nullptr, 0)); }, [] { text[7] = 0; }},
    {"regexec matches", [] { keep(regexec(&expression, text, 2, matches, 0)); },
     [] { matches[1].rm_so = 0; }},
    {"re_set_syntax", [] { keep(re_set_syntax(RE_SYNTAX_GREP)); },
     [] { keep(re_set_syntax(RE_SYNTAX_EGREP)); }},
    {"regerror", [] { keep(regerror(REG_NOMATCH, &expression, message, sizeof message)); },
     [] { message[0] = 0; }},
};

int main() { raceCases(kCases); }
