// library_names.h - functions of libm and libcrypt, and those of libc that math.h declares.
//
// C++'s math.h overloads its functions, and crypt.h may not be there or be another library's.
#pragma once

extern "C" {
double frexp(double value, int* exponent) noexcept;
float frexpf(float value, int* exponent) noexcept;
long double frexpl(long double value, int* exponent) noexcept;
Float128 frexpf128(Float128 value, int* exponent) noexcept;
double modf(double value, double* whole) noexcept;
float modff(float value, float* whole) noexcept;
long double modfl(long double value, long double* whole) noexcept;
Float128 modff128(Float128 value, Float128* whole) noexcept;
void sincos(double angle, double* sine, double* cosine) noexcept;
void sincosf(float angle, float* sine, float* cosine) noexcept;
void sincosl(long double angle, long double* sine, long double* cosine) noexcept;
void sincosf128(Float128 angle, Float128* sine, Float128* cosine) noexcept;
double remquo(double value, double divisor, int* quotient) noexcept;
float remquof(float value, float divisor, int* quotient) noexcept;
long double remquol(long double value, long double divisor, int* quotient) noexcept;
Float128 remquof128(Float128 value, Float128 divisor, int* quotient) noexcept;
double lgamma_r(double value, int* sign) noexcept;
float lgammaf_r(float value, int* sign) noexcept;
long double lgammal_r(long double value, int* sign) noexcept;
Float128 lgammaf128_r(Float128 value, int* sign) noexcept;
double nan(const char* payload) noexcept;
float nanf(const char* payload) noexcept;
long double nanl(const char* payload) noexcept;
Float128 nanf128(const char* payload) noexcept;
int canonicalize(double* to, const double* from) noexcept;
int canonicalizef(float* to, const float* from) noexcept;
int canonicalizel(long double* to, const long double* from) noexcept;
int canonicalizef128(Float128* to, const Float128* from) noexcept;
double getpayload(const double* from) noexcept;
float getpayloadf(const float* from) noexcept;
long double getpayloadl(const long double* from) noexcept;
Float128 getpayloadf128(const Float128* from) noexcept;
int setpayload(double* to, double payload) noexcept;
int setpayloadf(float* to, float payload) noexcept;
int setpayloadl(long double* to, long double payload) noexcept;
int setpayloadf128(Float128* to, Float128 payload) noexcept;
int setpayloadsig(double* to, double payload) noexcept;
int setpayloadsigf(float* to, float payload) noexcept;
int setpayloadsigl(long double* to, long double payload) noexcept;
int setpayloadsigf128(Float128* to, Float128 payload) noexcept;

struct crypt_data;
char* crypt(const char* phrase, const char* setting) noexcept;
char* crypt_r(const char* phrase, const char* setting, crypt_data* data) noexcept;
char* crypt_rn(const char* phrase, const char* setting, void* data, int bytes) noexcept;
char* crypt_ra(const char* phrase, const char* setting, void** data, int* bytes) noexcept;
char* crypt_gensalt(const char* prefix, unsigned long count, const char* random,
                    int random_bytes) noexcept;
char* crypt_gensalt_rn(const char* prefix, unsigned long count, const char* random,
                       int random_bytes, char* output, int room) noexcept;
char* crypt_gensalt_ra(const char* prefix, unsigned long count, const char* random,
                       int random_bytes) noexcept;
int crypt_checksalt(const char* setting);
}
