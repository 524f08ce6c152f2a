// Random numbers whose state is the program's, or hidden and unguarded as that of drand48.
// EXPECT: races=7
#include <stdlib.h>

#include "libc_cases.h"

unsigned seed;
random_data data;
drand48_data data48;
unsigned short words[3];
char state[64];
int32_t value;
double real;
long integer;

struct Initialised {
  Initialised() { initstate_r(1, state, sizeof state, &data); }
} initialised;

constexpr Case kCases[] = {
    {"rand_r", [] { rand_r(&seed); }, [] { seed = 1; }},
    {"random_r", [] { random_r(&data, &value); }, [] { value = 1; }},
    {"random_r state",
     [] {
       int32_t mine;
       random_r(&data, &mine);
     },
     [] {
       int32_t mine;
       random_r(&data, &mine);
     }},
    {"erand48", [] { erand48(words); }, [] { words[2] = 1; }},
    {"drand48_r", [] { drand48_r(&data48, &real); }, [] { real = 1; }},
    {"drand48", [] { drand48(); }, [] { lrand48(); }},
    {"srand48_r", [] { srand48_r(1, &data48); }, [] { lrand48_r(&data48, &integer); }},
};

int main() { raceCases(kCases); }
