// mathematics.cpp - functions of libm that store a result through a pointer, or read one.
//
// They are called in inner loops: the real call, then one look at what it has stored (uniform.h
// would leave and enter the runtime around it). With -fno-math-errno the compiler makes calls of
// sincos out of pairs of sin and cos, with places on the stack.
//
// totalorder and totalordermag are left alone: before glibc 2.31 they took values, and programs
// linked then still do.
//
// lgamma and gamma also store the sign in `signgam`, which is not checked: hardly a program that
// calls them in several threads knows of it.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/intercepted_call.h"

using namespace hindsight;

namespace {

template <class Object>
HINDSIGHT_ALWAYS_INLINE void stored(uptr pc, const Object* to) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.writes(to, sizeof *to);
  call.finish();
}

template <class Object>
HINDSIGHT_ALWAYS_INLINE void stored(uptr pc, const Object* first, const Object* second) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  call.writes(first, sizeof *first);
  call.writes(second, sizeof *second);
  call.finish();
}

/// `from` may be no address: FE_DFL_ENV, FE_DFL_MODE.
template <class Object>
HINDSIGHT_ALWAYS_INLINE void read(uptr pc, const Object* from) {
  InterceptedCall call(pc);
  if (call.bypass()) return;
  if (mayLook(from)) call.reads(from, sizeof *from);
  call.finish();
}

}  // namespace

// By type, with the names that the type has in C23.

/// `calls`: where the real functions are.
#define HINDSIGHT_PARTS(calls, Real, suffix)                                     \
  HINDSIGHT_INTERCEPTOR Real frexp##suffix(Real value, int* exponent) noexcept { \
    const Real fraction = calls.frexp##suffix(value, exponent);                  \
    stored(HINDSIGHT_CALLER_PC, exponent);                                       \
    return fraction;                                                             \
  }                                                                              \
  HINDSIGHT_INTERCEPTOR Real modf##suffix(Real value, Real* whole) noexcept {    \
    const Real fraction = calls.modf##suffix(value, whole);                      \
    stored(HINDSIGHT_CALLER_PC, whole);                                          \
    return fraction;                                                             \
  }

#define HINDSIGHT_MATHEMATICS(Real, suffix)                                                     \
  HINDSIGHT_INTERCEPTOR void sincos##suffix(Real angle, Real* sine, Real* cosine) noexcept {    \
    library.sincos##suffix(angle, sine, cosine);                                                \
    stored(HINDSIGHT_CALLER_PC, sine, cosine);                                                  \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR Real remquo##suffix(Real value, Real divisor, int* quotient) noexcept { \
    const Real remainder = library.remquo##suffix(value, divisor, quotient);                    \
    stored(HINDSIGHT_CALLER_PC, quotient);                                                      \
    return remainder;                                                                           \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR Real lgamma##suffix##_r(Real value, int* sign) noexcept {               \
    const Real logarithm = library.lgamma##suffix##_r(value, sign);                             \
    stored(HINDSIGHT_CALLER_PC, sign);                                                          \
    return logarithm;                                                                           \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR Real nan##suffix(const char* payload) noexcept {                        \
    {                                                                                           \
      InterceptedCall call(HINDSIGHT_CALLER_PC);                                                \
      if (!call.bypass()) call.readsString(payload);                                            \
    }                                                                                           \
    return library.nan##suffix(payload);                                                        \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR int canonicalize##suffix(Real* to, const Real* from) noexcept {         \
    read(HINDSIGHT_CALLER_PC, from);                                                            \
    const int error = library.canonicalize##suffix(to, from);                                   \
    if (error == 0) stored(HINDSIGHT_CALLER_PC, to);                                            \
    return error;                                                                               \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR Real getpayload##suffix(const Real* from) noexcept {                    \
    read(HINDSIGHT_CALLER_PC, from);                                                            \
    return library.getpayload##suffix(from);                                                    \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR int setpayload##suffix(Real* to, Real payload) noexcept {               \
    const int error = library.setpayload##suffix(to, payload);                                  \
    stored(HINDSIGHT_CALLER_PC, to);                                                            \
    return error;                                                                               \
  }                                                                                             \
  HINDSIGHT_INTERCEPTOR int setpayloadsig##suffix(Real* to, Real payload) noexcept {            \
    const int error = library.setpayloadsig##suffix(to, payload);                               \
    stored(HINDSIGHT_CALLER_PC, to);                                                            \
    return error;                                                                               \
  }

#define HINDSIGHT_MATHEMATICS_ALIAS(suffix, base)            \
  HINDSIGHT_ALIAS(frexp##suffix, frexp##base);               \
  HINDSIGHT_ALIAS(modf##suffix, modf##base);                 \
  HINDSIGHT_ALIAS(sincos##suffix, sincos##base);             \
  HINDSIGHT_ALIAS(remquo##suffix, remquo##base);             \
  HINDSIGHT_ALIAS(lgamma##suffix##_r, lgamma##base##_r);     \
  HINDSIGHT_ALIAS(nan##suffix, nan##base);                   \
  HINDSIGHT_ALIAS(canonicalize##suffix, canonicalize##base); \
  HINDSIGHT_ALIAS(getpayload##suffix, getpayload##base);     \
  HINDSIGHT_ALIAS(setpayload##suffix, setpayload##base);     \
  HINDSIGHT_ALIAS(setpayloadsig##suffix, setpayloadsig##base);

HINDSIGHT_PARTS(real, double, )
HINDSIGHT_MATHEMATICS(double, )
HINDSIGHT_MATHEMATICS_ALIAS(f64, )
HINDSIGHT_MATHEMATICS_ALIAS(f32x, )
HINDSIGHT_PARTS(real, float, f)
HINDSIGHT_MATHEMATICS(float, f)
HINDSIGHT_MATHEMATICS_ALIAS(f32, f)
HINDSIGHT_PARTS(real, long double, l)
HINDSIGHT_MATHEMATICS(long double, l)
HINDSIGHT_MATHEMATICS_ALIAS(f64x, l)
HINDSIGHT_PARTS(library, Float128, f128)
HINDSIGHT_MATHEMATICS(Float128, f128)

// The floating-point environment

HINDSIGHT_INTERCEPTOR int fegetenv(fenv_t* environment) noexcept {
  const int error = library.fegetenv(environment);
  if (error == 0) stored(HINDSIGHT_CALLER_PC, environment);
  return error;
}

HINDSIGHT_INTERCEPTOR int feholdexcept(fenv_t* environment) noexcept {
  const int error = library.feholdexcept(environment);
  if (error == 0) stored(HINDSIGHT_CALLER_PC, environment);
  return error;
}

HINDSIGHT_INTERCEPTOR int fesetenv(const fenv_t* environment) noexcept {
  read(HINDSIGHT_CALLER_PC, environment);
  return library.fesetenv(environment);
}

HINDSIGHT_INTERCEPTOR int feupdateenv(const fenv_t* environment) noexcept {
  read(HINDSIGHT_CALLER_PC, environment);
  return library.feupdateenv(environment);
}

HINDSIGHT_INTERCEPTOR int fegetexceptflag(fexcept_t* flags, int exceptions) noexcept {
  const int error = library.fegetexceptflag(flags, exceptions);
  if (error == 0) stored(HINDSIGHT_CALLER_PC, flags);
  return error;
}

HINDSIGHT_INTERCEPTOR int fesetexceptflag(const fexcept_t* flags, int exceptions) noexcept {
  read(HINDSIGHT_CALLER_PC, flags);
  return library.fesetexceptflag(flags, exceptions);
}

HINDSIGHT_INTERCEPTOR int fetestexceptflag(const fexcept_t* flags, int exceptions) noexcept {
  read(HINDSIGHT_CALLER_PC, flags);
  return library.fetestexceptflag(flags, exceptions);
}

HINDSIGHT_INTERCEPTOR int fegetmode(femode_t* mode) noexcept {
  const int error = library.fegetmode(mode);
  if (error == 0) stored(HINDSIGHT_CALLER_PC, mode);
  return error;
}

HINDSIGHT_INTERCEPTOR int fesetmode(const femode_t* mode) noexcept {
  read(HINDSIGHT_CALLER_PC, mode);
  return library.fesetmode(mode);
}
