// Results that libm stores through a pointer, its strings, and the floating-point environment.
// EXPECT: races=28
#include <fenv.h>
#include <math.h>

#include "libc_cases.h"

double value = 3.7, whole, sine, cosine;
float float_whole, float_sine, float_cosine;
long double long_whole, long_sine, long_cosine;
int exponent, quotient, sign;
char payload[] = "17";
fenv_t environment;
fexcept_t flags;

constexpr Case kCases[] = {
    {"frexp", [] { keep(frexp(value, &exponent)); }, [] { exponent = 1; }},
    {"frexpf", [] { keep(frexpf(2.5f, &exponent)); }, [] { exponent = 1; }},
    {"frexpl", [] { keep(frexpl(2.5l, &exponent)); }, [] { exponent = 1; }},
    {"frexp bytes", [] { keep(frexp(value, &exponent)); },
     [] { reinterpret_cast<char*>(&exponent)[3] = 1; }},
    {"modf", [] { keep(modf(value, &whole)); }, [] { whole = 1; }},
    {"modff", [] { keep(modff(2.5f, &float_whole)); }, [] { float_whole = 1; }},
    {"modfl", [] { keep(modfl(2.5l, &long_whole)); }, [] { long_whole = 1; }},
    {"sincos sine", [] { sincos(value, &sine, &cosine); }, [] { sine = 1; }},
    {"sincos cosine", [] { sincos(value, &sine, &cosine); }, [] { cosine = 1; }},
    {"sincosf", [] { sincosf(1, &float_sine, &float_cosine); }, [] { float_cosine = 1; }},
    {"sincosl", [] { sincosl(1, &long_sine, &long_cosine); }, [] { long_cosine = 1; }},
    {"remquo", [] { keep(remquo(value, 2, &quotient)); }, [] { quotient = 1; }},
    {"remquof", [] { keep(remquof(3, 2, &quotient)); }, [] { quotient = 1; }},
    {"remquol", [] { keep(remquol(3, 2, &quotient)); }, [] { quotient = 1; }},
    {"lgamma_r", [] { keep(lgamma_r(value, &sign)); }, [] { sign = 1; }},
    {"lgammaf_r", [] { keep(lgammaf_r(3, &sign)); }, [] { sign = 1; }},
    {"nan", [] { keep(nan(payload)); }, [] { payload[1] = '8'; }},
    {"nanf", [] { keep(nanf(payload)); }, [] { payload[0] = '2'; }},
    {"canonicalize", [] { keep(canonicalize(&whole, &value)); }, [] { whole = 1; }},
    {"canonicalize's source", [] { keep(canonicalizef(&float_whole, &float_sine)); }, [] { float_sine = 1; }},
    {"getpayload", [] { keep(getpayload(&value)); }, [] { value = 1; }},
    {"getpayloadl", [] { keep(getpayloadl(&long_sine)); }, [] { long_sine = 1; }},
    {"setpayload", [] { keep(setpayload(&whole, 3)); }, [] { whole = 1; }},
    {"setpayloadsig", [] { keep(setpayloadsigf(&float_whole, 3)); }, [] { float_whole = 1; }},
    {"fegetenv", [] { fegetenv(&environment); }, [] { memset(&environment, 0, 1); }},
    {"fesetenv", [] { fesetenv(&environment); }, [] { keep(fegetenv(&environment)); }},
    {"fegetexceptflag", [] { fegetexceptflag(&flags, FE_ALL_EXCEPT); }, [] { flags = 0; }},
    {"fesetexceptflag", [] { fesetexceptflag(&flags, FE_ALL_EXCEPT); }, [] { flags = 0; }},
};

int main() { raceCases(kCases); }
