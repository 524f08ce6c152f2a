// real_calls.h - the functions behind our interceptors: `real.read(fd, buffer, n)`.
//
// The tables `*.def` list names only; the types come from the C library's headers. Lines:
//   LIBC(name)                 the C library must have it; we define a function of that name
//   LIBC_OPTIONAL(name)        may be missing: ask `real.name.exists()` before calling, or, if a
//   plugin
//                              may have what the program has not, `real.name.seenFrom(pc)`
//   LIBC_VERSIONED(name, "V")  this symbol version is meant, not an older incompatible one
//   LIBC_TYPED(name, type)     for names that the headers overload in C++ or rename
//   LIBC_ALIAS(name, base)     a second symbol for our `base`; nothing is resolved for it
//   LIBC_LIBRARY(name, "F")    `library.name`, of library F, which the program may be without
//
// resolveRealCalls() looks all of them up at startup. A call that comes earlier resolves its
// function on the spot; a call made by the lookup itself (dlsym copies and compares strings) is
// served by a plain loop, so that no interceptor can recurse into its own resolution.
//
// Thread safety: any thread; resolving twice stores the same value. Allocation: none of ours
// (dlsym itself may allocate for a missing name).
#pragma once

#include "intercept/libc_headers.h"

#include "base/types.h"
#include "intercept/caller_scope.h"
#include "intercept/cxx_abi.h"
#include "intercept/glib_api.h"

namespace hindsight {

/// The function that the rest of the process would get for `name`, or null if there is none.
/// `version` is the symbol version that is meant; null or kOptional for the default one.
void* findRealFunction(const char* name, const char* version);
/// findRealFunction, or its stand-in while a lookup of this thread is under way.
/// A name that is found nowhere is reported on stderr and aborts.
void* requireRealFunction(const char* name, const char* version);
/// The same for a name of `library`, which is loaded for it, and stays.
void* requireLibraryFunction(const char* name, const char* library);

/// In place of a version: the default one, and the C library may lack it.
inline constexpr char kOptional[] = "";

/// A name and what was found for it.
class FoundFunction {
 public:
  constexpr FoundFunction(const char* name, const char* version) : name_(name), version_(version) {}

  bool exists() const { return function_ != nullptr; }
  /// Aborts if there is none, unless it is optional.
  void resolve();

 protected:
  const char* name_;
  const char* version_;
  void* function_ = nullptr;
};

/// One function of the C library, called as if it were that function.
template <class Function>
class RealFunction : public FoundFunction {
 public:
  constexpr explicit RealFunction(const char* name, const char* version = nullptr)
      : FoundFunction(name, version) {}

  /// Found at first use; a call through the object uses this conversion.
  operator Function*() const {
    void* function = __atomic_load_n(&function_, __ATOMIC_RELAXED);  // same value from anyone
    if (HINDSIGHT_UNLIKELY(function == nullptr)) function = requireRealFunction(name_, version_);
    return reinterpret_cast<Function*>(function);
  }

  /// The one that the caller at `pc` sees, whose library may have been opened for itself
  /// (intercept/caller_scope.h). Aborts if there is none: the caller could not have been loaded.
  Function* seenFrom(uptr pc) const {
    if (HINDSIGHT_LIKELY(exists())) return *this;
    if (Function* function = inScopeOf(pc)) return function;
    void* const function = findFunctionAnywhere(name_);
    return function != nullptr ? reinterpret_cast<Function*>(function) : *this;
  }
  /// The one that the code at `pc` has of its own; null if there is none.
  Function* inScopeOf(uptr pc) const {
    return reinterpret_cast<Function*>(findFunctionSeenFrom(pc, name_));
  }
};

/// One function of another library. Programs that need nothing else of it are linked without it
/// (--as-needed), or open it later: it is looked for when it is called, not at startup.
template <class Function>
class LibraryFunction {
 public:
  constexpr LibraryFunction(const char* name, const char* file) : name_(name), file_(file) {}

  operator Function*() {
    void* function = __atomic_load_n(&function_, __ATOMIC_RELAXED);  // same value from anyone
    if (HINDSIGHT_UNLIKELY(function == nullptr)) {
      function = requireLibraryFunction(name_, file_);
      __atomic_store_n(&function_, function, __ATOMIC_RELAXED);
    }
    return reinterpret_cast<Function*>(function);
  }

 private:
  const char* name_;
  const char* file_;
  void* function_ = nullptr;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
struct RealCalls {
#define LIBC(name) RealFunction<decltype(::name)> name{#name};
#define LIBC_OPTIONAL(name) RealFunction<decltype(::name)> name{#name, kOptional};
#define LIBC_VERSIONED(name, version) RealFunction<decltype(::name)> name{#name, version};
#define LIBC_TYPED(name, ...) RealFunction<__VA_ARGS__> name{#name};
#define LIBC_ALIAS(name, base)
#define LIBC_LIBRARY(name, file)
#include "intercept/real_calls.inc"
};
struct LibraryCalls {
#define LIBC(name)
#define LIBC_OPTIONAL(name)
#define LIBC_VERSIONED(name, version)
#define LIBC_TYPED(name, ...)
#define LIBC_ALIAS(name, base)
#define LIBC_LIBRARY(name, file) LibraryFunction<decltype(::name)> name{#name, file};
#include "intercept/real_calls.inc"
};
#pragma GCC diagnostic pop

extern RealCalls real;
extern LibraryCalls library;

/// Looks up every name of the tables; says which one is missing and aborts if the C library lacks
/// a name that is not optional. Call it once, before the program has threads.
void resolveRealCalls();

/// In front of the definition of a function that the headers overload in C++: `memchr`, `strchr`.
/// The linkage and the symbol name are those of the header's declaration.
#define HINDSIGHT_OVERLOAD __attribute__((visibility("default")))
/// Gives our function `base` a second exported name of the same type.
#define HINDSIGHT_ALIAS(name, base) \
  extern "C" __attribute__((visibility("default"), alias(#base))) decltype(::base) name
/// The same for a name that the headers declare with another type (`struct stat64`).
#define HINDSIGHT_ALIAS_AS(declaration, base) \
  extern "C" __attribute__((visibility("default"), alias(#base))) declaration

}  // namespace hindsight
