#include "report/libc_shims.h"

#include <elf.h>
#include <link.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "base/text.h"
#include "platform/syscalls.h"

// Only third-party objects refer to these names.
#define SHIM extern "C" __attribute__((visibility("hidden"), used))

namespace hindsight {
namespace {

constinit thread_local int t_errno = 0;  // libunwind decides by it on AArch64
constinit thread_local const dl_phdr_info* t_only_module = nullptr;

template <class Result = int>
Result orErrno(sptr result) {
  if (!syscallFailed(result)) return static_cast<Result>(result);
  t_errno = static_cast<int>(-result);
  return static_cast<Result>(-1);
}

/// Where formatted text goes: `size` counts what would be needed, as snprintf's result does.
struct Sink {
  char* out;
  size_t capacity;
  size_t size;
  void put(char c) {
    if (size + 1 < capacity) out[size] = c;
    ++size;
  }
};

void putNumber(Sink& sink, u64 value, u32 base) {
  char digits[24];
  size_t count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (count > 0) sink.put(digits[--count]);
}

/// %s %c %d %i %u %x %p %%, with l, ll and z; what these libraries use, without widths.
int format(char* out, size_t capacity, const char* pattern, va_list arguments) {
  Sink sink{out, capacity, 0};
  for (; *pattern != 0; ++pattern) {
    if (*pattern != '%') {
      sink.put(*pattern);
      continue;
    }
    ++pattern;
    bool is_long = false;
    while (*pattern == 'l' || *pattern == 'z') is_long = true, ++pattern;
    switch (*pattern) {
      case 's':
        for (const char* text = va_arg(arguments, const char*); *text != 0;) sink.put(*text++);
        break;
      case 'c': sink.put(static_cast<char>(va_arg(arguments, int))); break;
      case 'd':
      case 'i': {
        const long value = is_long ? va_arg(arguments, long) : va_arg(arguments, int);
        if (value < 0) sink.put('-');
        putNumber(sink, value < 0 ? 0 - static_cast<u64>(value) : static_cast<u64>(value), 10);
        break;
      }
      case 'u':
      case 'x':
        putNumber(sink, is_long ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned),
                  *pattern == 'x' ? 16 : 10);
        break;
      case 'p': putNumber(sink, reinterpret_cast<u64>(va_arg(arguments, void*)), 16); break;
      case 0: --pattern; break;
      default: sink.put(*pattern);
    }
  }
  if (capacity > 0) out[min(sink.size, capacity - 1)] = 0;
  return static_cast<int>(sink.size);
}

constexpr size_t kUnbounded = SIZE_MAX / 2;

}  // namespace

void presentOnlyModule(const dl_phdr_info* module) { t_only_module = module; }

}  // namespace hindsight

using namespace hindsight;

// --- Memory -----------------------------------------------------------------------------------

SHIM void* __hindsight_internal_malloc(size_t bytes) { return internalMalloc(bytes); }
SHIM void* __hindsight_internal_calloc(size_t count, size_t bytes) {
  return internalCalloc(count, bytes);
}
SHIM void* __hindsight_internal_realloc(void* block, size_t bytes) {
  return internalRealloc(block, bytes);
}
SHIM void __hindsight_internal_free(void* block) { internalFree(block); }

// LLVM's demangler allocates its parser, and its nodes have virtual destructors and type
// information that nobody asks for.
SHIM void* __hindsight_internal_new(size_t bytes) { return internalMalloc(bytes); }
SHIM void __hindsight_internal_delete(void* block, size_t) { internalFree(block); }
extern "C" {
__attribute__((visibility("hidden"), used)) const void* __hindsight_internal_class_info[11] = {};
__attribute__((visibility("hidden"), used))
const void* __hindsight_internal_derived_class_info[11] = {};
}

SHIM void* __hindsight_internal_mmap(void* at, size_t bytes, int protection, int flags, int fd,
                                     long offset) {
  // -1 is MAP_FAILED, too.
  return reinterpret_cast<void*>(orErrno<uptr>(sysMmap(at, bytes, protection, flags, fd, offset)));
}
SHIM int __hindsight_internal_munmap(void* at, size_t bytes) {
  return orErrno(sysMunmap(at, bytes));
}
SHIM int __hindsight_internal_getpagesize() { return static_cast<int>(kPageSize); }

SHIM void* __hindsight_internal_memcpy_chk(void* to, const void* from, size_t bytes, size_t) {
  return __builtin_memcpy(to, from, bytes);
}
SHIM void* __hindsight_internal_memmove_chk(void* to, const void* from, size_t bytes, size_t) {
  return __builtin_memmove(to, from, bytes);
}
SHIM void* __hindsight_internal_memset_chk(void* to, int value, size_t bytes, size_t) {
  return __builtin_memset(to, value, bytes);
}
SHIM void* __hindsight_internal_memchr(const void* data, int value, size_t bytes) {
  for (const u8* byte = static_cast<const u8*>(data); bytes > 0; ++byte, --bytes)
    if (*byte == static_cast<u8>(value)) return const_cast<u8*>(byte);
  return nullptr;
}

// --- Strings ----------------------------------------------------------------------------------

SHIM size_t __hindsight_internal_strnlen(const char* text, size_t limit) {
  size_t length = 0;
  while (length < limit && text[length] != 0) ++length;
  return length;
}
SHIM size_t __hindsight_internal_strlen(const char* text) {
  return __hindsight_internal_strnlen(text, SIZE_MAX);
}
SHIM int __hindsight_internal_strncmp(const char* a, const char* b, size_t limit) {
  for (size_t i = 0; i < limit; ++i) {
    const int difference = static_cast<u8>(a[i]) - static_cast<u8>(b[i]);
    if (difference != 0 || a[i] == 0) return difference;
  }
  return 0;
}
SHIM int __hindsight_internal_strcmp(const char* a, const char* b) {
  return __hindsight_internal_strncmp(a, b, SIZE_MAX);
}
SHIM char* __hindsight_internal_strchr(const char* text, int c) {
  for (;; ++text) {
    if (*text == static_cast<char>(c)) return const_cast<char*>(text);
    if (*text == 0) return nullptr;
  }
}
SHIM char* __hindsight_internal_strrchr(const char* text, int c) {
  const char* last = nullptr;
  for (;; ++text) {
    if (*text == static_cast<char>(c)) last = text;
    if (*text == 0) return const_cast<char*>(last);
  }
}

SHIM int __hindsight_internal_snprintf(char* out, size_t capacity, const char* pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  const int size = format(out, capacity, pattern, arguments);
  va_end(arguments);
  return size;
}
SHIM int __hindsight_internal_snprintf_chk(char* out, size_t capacity, int, size_t,
                                           const char* pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  const int size = format(out, capacity, pattern, arguments);
  va_end(arguments);
  return size;
}
SHIM int __hindsight_internal_sprintf(char* out, const char* pattern, ...) {
  va_list arguments;
  va_start(arguments, pattern);
  const int size = format(out, kUnbounded, pattern, arguments);
  va_end(arguments);
  return size;
}
SHIM int __hindsight_internal_sprintf_chk(char* out, int, size_t capacity, const char* pattern,
                                          ...) {
  va_list arguments;
  va_start(arguments, pattern);
  const int size = format(out, min(capacity, kUnbounded), pattern, arguments);
  va_end(arguments);
  return size;
}

// --- Files ------------------------------------------------------------------------------------

SHIM int __hindsight_internal_open(const char* path, int flags, ...) {
  return orErrno(sysOpen(path, flags));  // never creates
}
SHIM int __hindsight_internal_close(int fd) { return orErrno(sysClose(fd)); }
SHIM sptr __hindsight_internal_read(int fd, void* buffer, size_t bytes) {
  return orErrno<sptr>(sysRead(fd, buffer, bytes));
}
SHIM sptr __hindsight_internal_lseek(int fd, sptr offset, int whence) {
  return orErrno<sptr>(sysLseek(fd, offset, whence));
}
SHIM int __hindsight_internal_fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  const uptr argument = va_arg(arguments, uptr);
  va_end(arguments);
  return orErrno(sysFcntl(fd, command, argument));
}
SHIM int __hindsight_internal_fstat(int fd, void* out) { return orErrno(sysFstat(fd, out)); }
SHIM int __hindsight_internal_lstat(const char* path, void* out) {
  return orErrno(sysLstat(path, out));
}
SHIM int __hindsight_internal_fxstat(int, int fd, void* out) { return orErrno(sysFstat(fd, out)); }
SHIM int __hindsight_internal_lxstat(int, const char* path, void* out) {
  return orErrno(sysLstat(path, out));
}
SHIM sptr __hindsight_internal_readlink(const char* path, char* out, size_t bytes) {
  return orErrno<sptr>(sysReadlink(path, out, bytes));
}

// --- The process ------------------------------------------------------------------------------

SHIM int* __hindsight_internal_errno_location() { return &t_errno; }
/// Of libunwind for AArch64: is an address readable?
SHIM long __hindsight_internal_syscall(long number, uptr a, uptr b, uptr c, uptr d, uptr e,
                                       uptr f) {
  return orErrno<long>(sysCall(number, a, b, c, d, e, f));
}
SHIM int __hindsight_internal_getpid() { return static_cast<int>(sysGetpid()); }
/// No option of a library inside the runtime can be set from outside.
SHIM char* __hindsight_internal_getenv(const char*) { return nullptr; }
SHIM void __hindsight_internal_abort() { checkFailed("abort() in a library", __FILE__, __LINE__); }
SHIM void __hindsight_internal_terminate() {
  checkFailed("terminate() in a library", __FILE__, __LINE__);
}
SHIM void __hindsight_internal_assert_fail(const char* condition, const char* file, unsigned line,
                                           const char*) {
  checkFailed(condition, file, static_cast<int>(line));
}

SHIM int __hindsight_internal_dl_iterate_phdr(int (*visit)(dl_phdr_info*, size_t, void*),
                                              void* data) {
  if (t_only_module == nullptr) return dl_iterate_phdr(visit, data);
  dl_phdr_info module = *t_only_module;
  return visit(&module, sizeof(module), data);
}

// --- Second names: the renaming tool wants a target of its own for each ------------------------

SHIM int __hindsight_internal_bcmp(const void* a, const void* b, size_t bytes) {
  return __builtin_memcmp(a, b, bytes);
}
SHIM int __hindsight_internal_fstat64(int fd, void* out) {
  return __hindsight_internal_fstat(fd, out);
}
SHIM int __hindsight_internal_lstat64(const char* path, void* out) {
  return __hindsight_internal_lstat(path, out);
}
SHIM sptr __hindsight_internal_lseek64(int fd, sptr offset, int whence) {
  return __hindsight_internal_lseek(fd, offset, whence);
}
SHIM void* __hindsight_internal_mmap64(void* at, size_t bytes, int protection, int flags, int fd,
                                       long offset) {
  return __hindsight_internal_mmap(at, bytes, protection, flags, fd, offset);
}
SHIM int __hindsight_internal_open64(const char* path, int flags, ...) {
  return __hindsight_internal_open(path, flags);
}
SHIM void __hindsight_internal_stack_chk_fail() {
  checkFailed("stack smashed in a library", __FILE__, __LINE__);
}

// --- Output: libraries inside the runtime have nothing to say
// -------------------------------------

extern "C" {
__attribute__((visibility("hidden"), used)) void* __hindsight_internal_stderr = nullptr;
}
SHIM int __hindsight_internal_fprintf(void*, const char*, ...) { return 0; }
SHIM int __hindsight_internal_fprintf_chk(void*, int, const char*, ...) { return 0; }
SHIM int __hindsight_internal_fputc(int c, void*) { return c; }
SHIM int __hindsight_internal_fputs(const char*, void*) { return 0; }
SHIM int __hindsight_internal_puts(const char*) { return 0; }
SHIM int __hindsight_internal_fflush(void*) { return 0; }
SHIM size_t __hindsight_internal_fwrite(const void*, size_t, size_t count, void*) { return count; }
SHIM const char* __hindsight_internal_strerror(int) { return "error"; }

// --- Locks: libunwind's cache of frame tables ----------------------------------------------------
// The first word of the program's pthread_rwlock_t counts readers; kWriter means a writer.

namespace {
constexpr u32 kWriter = 0xffffffff;
}

SHIM int __hindsight_internal_rwlock_rdlock(void* lock) {
  u32* state = static_cast<u32*>(lock);
  for (u32 round = 0;; spinWait(round++)) {
    u32 seen = __atomic_load_n(state, __ATOMIC_RELAXED);
    if (seen != kWriter && __atomic_compare_exchange_n(state, &seen, seen + 1, true,
                                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return 0;
  }
}
SHIM int __hindsight_internal_rwlock_wrlock(void* lock) {
  u32* state = static_cast<u32*>(lock);
  for (u32 round = 0;; spinWait(round++)) {
    u32 seen = 0;
    if (__atomic_compare_exchange_n(state, &seen, kWriter, true, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
      return 0;
  }
}
SHIM int __hindsight_internal_rwlock_unlock(void* lock) {
  u32* state = static_cast<u32*>(lock);
  // pairs with: __hindsight_internal_rwlock_rdlock, _wrlock
  if (__atomic_load_n(state, __ATOMIC_RELAXED) == kWriter)
    __atomic_store_n(state, 0, __ATOMIC_RELEASE);
  else
    __atomic_fetch_sub(state, 1, __ATOMIC_RELEASE);
  return 0;
}
