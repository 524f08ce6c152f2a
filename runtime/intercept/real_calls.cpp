#include "intercept/real_calls.h"

namespace hindsight {

constinit RealCalls real;
constinit LibraryCalls library;

namespace {

/// Set while this thread is inside dlsym.
__thread bool resolving_tls = false;

bool sameText(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}

// What dlsym may call back before anything is resolved.

void* plainMemcpy(void* to, const void* from, size_t bytes) {
  auto* out = static_cast<volatile char*>(to);
  auto* in = static_cast<const char*>(from);
  for (size_t i = 0; i < bytes; ++i) out[i] = in[i];
  return to;
}

void* plainMempcpy(void* to, const void* from, size_t bytes) {
  return static_cast<char*>(plainMemcpy(to, from, bytes)) + bytes;
}

void* plainMemmove(void* to, const void* from, size_t bytes) {
  auto* out = static_cast<volatile char*>(to);
  auto* in = static_cast<const char*>(from);
  if (to < from) return plainMemcpy(to, from, bytes);
  for (size_t i = bytes; i-- > 0;) out[i] = in[i];
  return to;
}

void* plainMemset(void* to, int byte, size_t bytes) {
  auto* out = static_cast<volatile char*>(to);
  for (size_t i = 0; i < bytes; ++i) out[i] = static_cast<char>(byte);
  return to;
}

int plainMemcmp(const void* left, const void* right, size_t bytes) {
  auto* a = static_cast<const volatile u8*>(left);
  auto* b = static_cast<const volatile u8*>(right);
  for (size_t i = 0; i < bytes; ++i)
    if (a[i] != b[i]) return a[i] - b[i];
  return 0;
}

size_t plainStrlen(const char* text) {
  const volatile char* end = text;
  while (*end != '\0') ++end;
  return static_cast<size_t>(end - text);
}

int plainStrcmp(const char* left, const char* right) {
  while (*left != '\0' && *left == *right) ++left, ++right;
  return static_cast<u8>(*left) - static_cast<u8>(*right);
}

int plainStrncmp(const char* left, const char* right, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i)
    if (left[i] != right[i] || left[i] == '\0')
      return static_cast<u8>(left[i]) - static_cast<u8>(right[i]);
  return 0;
}

const char* plainStrchr(const char* text, int character) {
  for (;; ++text) {
    if (*text == static_cast<char>(character)) return text;
    if (*text == '\0') return nullptr;
  }
}

const char* plainStrrchr(const char* text, int character) {
  const char* last = nullptr;
  for (;; ++text) {
    if (*text == static_cast<char>(character)) last = text;
    if (*text == '\0') return last;
  }
}

char* plainStrcpy(char* to, const char* from) {
  plainMemcpy(to, from, plainStrlen(from) + 1);
  return to;
}

char* plainStpcpy(char* to, const char* from) {
  const size_t length = plainStrlen(from);
  plainMemcpy(to, from, length + 1);
  return to + length;
}

struct StandIn {
  const char* name;
  void* function;
};

template <class Function>
void* erase(Function* function) {
  return reinterpret_cast<void*>(function);
}

void* standInFor(const char* name) {
  const StandIn stand_ins[] = {
      {"memcpy", erase(plainMemcpy)},   {"mempcpy", erase(plainMempcpy)},
      {"memmove", erase(plainMemmove)}, {"memset", erase(plainMemset)},
      {"memcmp", erase(plainMemcmp)},   {"bcmp", erase(plainMemcmp)},
      {"strlen", erase(plainStrlen)},   {"strcmp", erase(plainStrcmp)},
      {"strncmp", erase(plainStrncmp)}, {"strchr", erase(plainStrchr)},
      {"strrchr", erase(plainStrrchr)}, {"strcpy", erase(plainStrcpy)},
      {"stpcpy", erase(plainStpcpy)},
  };
  for (const StandIn& entry : stand_ins)
    if (sameText(entry.name, name)) return entry.function;
  return nullptr;
}

[[noreturn]] void missing(const char* name) {
  checkFailed("the C library has this function", name, 0);
}

}  // namespace

void* findRealFunction(const char* name, const char* version) {
  const bool nested = resolving_tls;
  resolving_tls = true;
  void* function =
      version != nullptr && version != kOptional ? dlvsym(RTLD_NEXT, name, version) : nullptr;
  if (function == nullptr) function = dlsym(RTLD_NEXT, name);
  resolving_tls = nested;
  return function;
}

void* requireRealFunction(const char* name, const char* version) {
  if (resolving_tls)
    if (void* function = standInFor(name)) return function;
  void* function = findRealFunction(name, version);
  if (function == nullptr) missing(name);
  return function;
}

void* requireLibraryFunction(const char* name, const char* library) {
  const int saved_errno = errno;
  void* const loaded = dlopen(library, RTLD_LAZY);
  void* function = findRealFunction(name, nullptr);
  if (function == nullptr && loaded != nullptr) function = dlsym(loaded, name);
  if (function == nullptr) missing(name);
  errno = saved_errno;
  return function;
}

void FoundFunction::resolve() {
  void* function = findRealFunction(name_, version_);
  if (function == nullptr && version_ != kOptional) missing(name_);
  __atomic_store_n(&function_, function, __ATOMIC_RELAXED);
}

void resolveRealCalls() {
  // RealCalls has nothing but RealFunctions, which add nothing to a FoundFunction.
  auto* const first = reinterpret_cast<FoundFunction*>(&real);
  static_assert(sizeof(RealCalls) % sizeof(FoundFunction) == 0 &&
                sizeof(FoundFunction) == sizeof(real.malloc));
  for (size_t i = 0; i < sizeof(RealCalls) / sizeof(FoundFunction); ++i) first[i].resolve();
}

}  // namespace hindsight
