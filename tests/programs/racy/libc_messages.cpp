// err, warn, syslog, error and perror read their strings like printf.
// EXPECT: races=7
#include <err.h>
#include <errno.h>
#include <error.h>
#include <signal.h>
#include <stdio.h>
#include <syslog.h>

#include "libc_cases.h"

char name[16] = "name", prefix[16] = "prefix";

constexpr Case kCases[] = {
    {"warnx", [] { warnx("%.1s", name); }, [] { name[0] = 'n'; }},
    {"warn", [] { warn("%s", name + 1); }, [] { name[1] = 'a'; }},
    {"error", [] { error(0, 0, "%s", name + 2); }, [] { name[2] = 'm'; }},
    {"perror", [] { perror(prefix); }, [] { prefix[6] = 0; }},
    {"psignal", [] { psignal(SIGINT, prefix + 1); }, [] { prefix[1] = 'r'; }},
    {"syslog", [] { syslog(LOG_DEBUG, "%s", name + 3); }, [] { name[3] = 'e'; }},
    {"puts", [] { keep(fputs_unlocked(prefix + 2, stderr)); }, [] { prefix[2] = 'e'; }},
};

int main() { raceCases(kCases); }
