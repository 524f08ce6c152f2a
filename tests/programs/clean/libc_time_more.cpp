// Clocks, sleeps and dates read and write the structures that they are given.
#include <locale.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <time.h>
#include <utime.h>
#include <wchar.h>

#include "libc_cases.h"

timespec now, request, rest;
timeval start;
itimerval interval;
timex precise;
tm fields;
char text[64];
wchar_t wide[64];
locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);

constexpr Case kCases[] = {
    {"clock_getres", [] { clock_getres(CLOCK_MONOTONIC, &now); }, [] { now.tv_sec = 0; }},
    {"timespec_get", [] { timespec_get(&now, TIME_UTC); }, [] { now.tv_nsec = 0; }},
    {"nanosleep", [] { nanosleep(&request, &rest); }, [] { request.tv_nsec = 0; }},
    {"clock_nanosleep", [] { clock_nanosleep(CLOCK_MONOTONIC, 0, &request, nullptr); },
     [] { request.tv_sec = 0; }},
    {"getitimer", [] { getitimer(ITIMER_REAL, &interval); }, [] { interval.it_value.tv_sec = 0; }},
    {"adjtimex", [] { keep(adjtimex(&precise)); }, [] { precise.modes = 0; }},
    {"wcsftime", [] { keep(wcsftime(wide, 64, L"%Y", &fields)); }, [] { wide[0] = 0; }},
    {"strftime_l", [] { keep(strftime_l(text, 64, "%H", &fields, c_locale)); },
     [] { text[2] = 1; }},
    {"timelocal", [] { keep(timelocal(&fields)); }, [] { fields.tm_isdst = 0; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"nanosleep", [] { nanosleep(&request, &rest); }, [] { rest.tv_sec = 0; }},
    {"strftime_l", [] { keep(strftime_l(text, 64, "%H", &fields, c_locale)); },
     [] { text[3] = 1; }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
