// Command lines by argp: the description, the arguments that are options, and what is printed.
// EXPECT: races=9
#include <argp.h>
#include <stdio.h>

#include "libc_cases.h"

char option_name[] = "size", option_doc[] = "How large", documentation[] = "Does it";
argp_option options[] = {{option_name, 's', "N", 0, option_doc, 0}, {}};
error_t parseOne(int key, char*, argp_state*) { return key == 's' ? 0 : ARGP_ERR_UNKNOWN; }
argp child_parser{options, parseOne, nullptr, nullptr, nullptr, nullptr, nullptr};
argp_child children[] = {{&child_parser, 0, nullptr, 0}, {}};
argp parser{nullptr, nullptr, nullptr, documentation, children, nullptr, nullptr};
char program[] = "program", letter[] = "-s3", word[] = "--size=4", other[] = "other", name[] = "me";
char* arguments[] = {program, letter, word, other, nullptr};
char format[] = "no %s", subject[] = "way";
int first_left;
argp_state state{};

struct Prepared {
  Prepared() { state.flags = ARGP_NO_ERRS | ARGP_NO_EXIT; }
} prepared;

void parse(int* left) {
  char* own[] = {arguments[0], arguments[1], arguments[2], arguments[3], nullptr};
  argp_parse(&parser, 4, own, ARGP_SILENT, left, nullptr);
}

void help() {
  FILE* nowhere = fopen("/dev/null", "w");
  argp_help(&parser, nowhere, ARGP_HELP_LONG | ARGP_HELP_DOC, name);
  fclose(nowhere);
}

constexpr Case kCases[] = {
    {"argp_parse index", [] { parse(&first_left); }, [] { first_left = 0; }},
    {"argp_parse letter", [] { parse(nullptr); }, [] { letter[1] = 's'; }},
    {"argp_parse word", [] { parse(nullptr); }, [] { word[6] = '='; }},
    {"argp_parse parser", [] { parse(nullptr); }, [] { parser.children = children; }},
    {"argp_parse child", [] { parse(nullptr); }, [] { options[0].key = 's'; }},
    {"argp_help", help, [] { option_doc[0] = 'h'; }},
    {"argp_help name", help, [] { name[1] = 'x'; }},
    {"argp_error", [] { argp_error(&state, format, subject); }, [] { subject[0] = 's'; }},
    {"argp_failure", [] { argp_failure(&state, 0, 0, format, subject); }, [] { format[0] = 'N'; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"value", [] { parse(nullptr); }, [] { word[7] = '5'; }},
    {"argument", [] { parse(nullptr); }, [] { other[1] = 'x'; }},
};

int main() {
  raceCases(kCases);
  raceCases(kNeighbours);
}
