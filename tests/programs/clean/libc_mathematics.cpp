// Results that libm stores through a pointer, its strings, and the floating-point environment.
#include <errno.h>
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

const double exact = 2.5;

/// Results, errno and the processor's own state come through.
bool isRight() {
  bool right = frexp(8, &exponent) == 0.5 && exponent == 4 && frexpf(8, &exponent) == 0.5f &&
               frexpl(-3, &exponent) == -0.75l && exponent == 2;
  right &= modf(-2.5, &whole) == -0.5 && whole == -2 && modfl(3.25l, &long_whole) == 0.25l &&
           long_whole == 3;
  sincos(0, &sine, &cosine);
  right &= sine == 0 && cosine == 1 && remquo(7, 2, &quotient) == -1 && (quotient & 7) == 4;
  errno = 0;
  right &= isinf(lgamma_r(0, &sign)) && errno == ERANGE && isnan(nanf(payload));
  right &= setpayload(&whole, 5) == 0 && isnan(whole) && getpayload(&whole) == 5;
  right &= setpayloadsig(&sine, 6) == 0 && getpayload(&sine) == 6 && setpayload(&cosine, -1) == 1 && cosine == 0;
  right &= canonicalize(&cosine, &exact) == 0 && cosine == 2.5;
  fesetround(FE_UPWARD);
  fegetenv(&environment);
  fesetenv(FE_DFL_ENV);
  right &= fegetround() == FE_TONEAREST;
  feclearexcept(FE_ALL_EXCEPT);
  feraiseexcept(FE_INEXACT);
  right &= feupdateenv(&environment) == 0 && fegetround() == FE_UPWARD && fetestexcept(FE_INEXACT);
  return right;
}

int main() {
  orderCases(kCases);
  return isRight() ? 0 : 1;
}
