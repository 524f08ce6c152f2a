// hidden_names.h - entry points that no header declares: of old headers, of _FORTIFY_SOURCE, of the
// C library's own inline functions. Types as in the Linux Standard Base or in glibc's sources.
#pragma once

extern "C" {
size_t __mbsrtowcs_chk(wchar_t* to, const char** from, size_t count, mbstate_t* state,
                       size_t room) noexcept;
size_t __wcsrtombs_chk(char* to, const wchar_t** from, size_t bytes, mbstate_t* state,
                       size_t room) noexcept;
size_t __mbsnrtowcs_chk(wchar_t* to, const char** from, size_t bytes, size_t count,
                        mbstate_t* state, size_t room) noexcept;
size_t __wcsnrtombs_chk(char* to, const wchar_t** from, size_t count, size_t bytes,
                        mbstate_t* state, size_t room) noexcept;
long __strtol_internal(const char* text, char** end, int base, int group) noexcept;
long __wcstol_internal(const wchar_t* text, wchar_t** end, int base, int group) noexcept;
unsigned long __strtoul_internal(const char* text, char** end, int base, int group) noexcept;
unsigned long __wcstoul_internal(const wchar_t* text, wchar_t** end, int base, int group) noexcept;
long long __strtoll_internal(const char* text, char** end, int base, int group) noexcept;
long long __wcstoll_internal(const wchar_t* text, wchar_t** end, int base, int group) noexcept;
unsigned long long __strtoull_internal(const char* text, char** end, int base, int group) noexcept;
unsigned long long __wcstoull_internal(const wchar_t* text, wchar_t** end, int base,
                                       int group) noexcept;
double __strtod_internal(const char* text, char** end, int group) noexcept;
double __wcstod_internal(const wchar_t* text, wchar_t** end, int group) noexcept;
float __strtof_internal(const char* text, char** end, int group) noexcept;
float __wcstof_internal(const wchar_t* text, wchar_t** end, int group) noexcept;
long double __strtold_internal(const char* text, char** end, int group) noexcept;
long double __wcstold_internal(const wchar_t* text, wchar_t** end, int group) noexcept;
int __memcmpeq(const void* left, const void* right, size_t bytes) noexcept;
wchar_t* __wcpcpy_chk(wchar_t* to, const wchar_t* from, size_t room) noexcept;
wchar_t* __wcpncpy_chk(wchar_t* to, const wchar_t* from, size_t count, size_t room) noexcept;
wchar_t* __wcsncat_chk(wchar_t* to, const wchar_t* from, size_t count, size_t room) noexcept;
int __wctomb_chk(char* to, wchar_t character, size_t room) noexcept;
size_t __wcrtomb_chk(char* to, wchar_t character, mbstate_t* state, size_t room) noexcept;
size_t __mbstowcs_chk(wchar_t* to, const char* from, size_t count, size_t room) noexcept;
size_t __wcstombs_chk(char* to, const wchar_t* from, size_t count, size_t room) noexcept;
int __getgroups_chk(int room, gid_t* groups, size_t object_room) noexcept;
int __getlogin_r_chk(char* name, size_t bytes, size_t room);
int __pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) noexcept;
int __ttyname_r_chk(int fd, char* buffer, size_t bytes, size_t room) noexcept;
int __ptsname_r_chk(int fd, char* buffer, size_t bytes, size_t room) noexcept;
int __sigsuspend(const sigset_t* mask);
int __getdomainname_chk(char* name, size_t bytes, size_t room) noexcept;
size_t __confstr_chk(int name, char* buffer, size_t bytes, size_t room) noexcept;
int __xstat(int version, const char* path, struct stat* info) noexcept;
int __lxstat(int version, const char* path, struct stat* info) noexcept;
int __fxstat(int version, int fd, struct stat* info) noexcept;
int __fxstatat(int version, int directory, const char* path, struct stat* info, int flags) noexcept;
ssize_t __readlinkat_chk(int directory, const char* path, char* buffer, size_t bytes,
                         size_t room) noexcept;
char* __getwd_chk(char* buffer, size_t room) noexcept;
int __xmknod(int version, const char* path, mode_t mode, dev_t* device) noexcept;
int __xmknodat(int version, int directory, const char* path, mode_t mode, dev_t* device) noexcept;
int pivot_root(const char* root, const char* old) noexcept;
char* __secure_getenv(const char* name) noexcept;
int __posix_getopt(int count, char* const* arguments, const char* letters) noexcept;
locale_t __newlocale(int categories, const char* name, locale_t base) noexcept;
mqd_t __mq_open_2(const char* name, int flags) noexcept;
int __wprintf_chk(int flag, const wchar_t* format, ...);
int __fwprintf_chk(FILE* stream, int flag, const wchar_t* format, ...);
int __swprintf_chk(wchar_t* to, size_t count, int flag, size_t room, const wchar_t* format,
                   ...) noexcept;
int __vwprintf_chk(int flag, const wchar_t* format, va_list arguments);
int __vfwprintf_chk(FILE* stream, int flag, const wchar_t* format, va_list arguments);
int __vswprintf_chk(wchar_t* to, size_t count, int flag, size_t room, const wchar_t* format,
                    va_list arguments) noexcept;
int __isoc99_swscanf(const wchar_t* text, const wchar_t* format, ...) noexcept;
int __isoc99_wscanf(const wchar_t* format, ...);
int __isoc99_fwscanf(FILE* stream, const wchar_t* format, ...);
int __isoc99_vswscanf(const wchar_t* text, const wchar_t* format, va_list arguments) noexcept;
int __isoc99_vwscanf(const wchar_t* format, va_list arguments);
int __isoc99_vfwscanf(FILE* stream, const wchar_t* format, va_list arguments);
int __overflow(FILE* stream, int character);
wint_t __woverflow(FILE* stream, wint_t character);
int __uflow(FILE* stream);
int __underflow(FILE* stream);
wint_t __wuflow(FILE* stream);
wint_t __wunderflow(FILE* stream);
char* __fgets_unlocked_chk(char* buffer, size_t room, int bytes, FILE* stream);
size_t __fread_unlocked_chk(void* buffer, size_t room, size_t size, size_t count, FILE* stream);
wchar_t* __fgetws_chk(wchar_t* buffer, size_t room, int count, FILE* stream);
wchar_t* __fgetws_unlocked_chk(wchar_t* buffer, size_t room, int count, FILE* stream);
char* __gets_chk(char* buffer, size_t room);
char* gets(char* buffer);
ssize_t __strfmon_l(char* to, size_t room, locale_t locale, const char* format, ...) noexcept;
int capget(struct __user_cap_header_struct* header, struct __user_cap_data_struct* data) noexcept;
int capset(struct __user_cap_header_struct* header,
           const struct __user_cap_data_struct* data) noexcept;
int init_module(void* image, unsigned long bytes, const char* parameters) noexcept;
int delete_module(const char* name, unsigned flags) noexcept;
#if defined(__x86_64__)
int modify_ldt(int command, void* at, unsigned long bytes) noexcept;
#endif
int __ivaliduser(FILE* hosts, uint32_t address, const char* local_user, const char* remote_user);
int ruserpass(const char* host, const char** name, const char** password);
int _obstack_allocated_p(obstack* stack, void* object) noexcept;
int __obstack_printf_chk(obstack* to, int flag, const char* format, ...) noexcept;
int __obstack_vprintf_chk(obstack* to, int flag, const char* format, va_list arguments) noexcept;
void __syslog_chk(int priority, int flag, const char* format, ...);
void __vsyslog_chk(int priority, int flag, const char* format, va_list arguments);
int __cxa_atexit(void (*function)(void*), void* argument, void* library) noexcept;
/// The number of 128 bits: on AArch64 that is what long double is.
#if defined(__x86_64__)
using Float128 = __float128;
Float128 __strtof128_internal(const char* text, char** end, int group) noexcept;
Float128 __wcstof128_internal(const wchar_t* text, wchar_t** end, int group) noexcept;
#else
using Float128 = long double;
#endif
Float128 strtof128(const char* text, char** end) noexcept;
Float128 strtof128_l(const char* text, char** end, locale_t locale) noexcept;
Float128 wcstof128(const wchar_t* text, wchar_t** end) noexcept;
Float128 wcstof128_l(const wchar_t* text, wchar_t** end, locale_t locale) noexcept;
int strfromf128(char* to, size_t room, const char* format, Float128 value) noexcept;
char* re_comp(const char* pattern);
int re_exec(const char* text);
}
