// caller_scope.h - functions of libraries that only some of the process's others see.
//
// A library that is opened with RTLD_LOCAL (a plugin) has its own C++ library if the program has
// none, and so may the next one. Its calls come to the interceptors, which the program exports; the
// real functions are not among those that the program itself would get (RTLD_NEXT). They are looked
// for as the loader would for the caller: in its library, in those that this one needs, and in
// those that they need, breadth first.
//
// dladdr and dlsym would do that, but under the loader's lock, which whoever runs a constructor of
// dlopen's holds: should it wait for a thread that throws, both would wait for ever. So the symbol
// tables are read here, under the lock of dl_iterate_phdr.
//
// Thread safety: any thread. Async-signal-safe as far as dl_iterate_phdr is. Allocation: arena;
// what has been found is remembered by library and name.
#pragma once

#include "base/types.h"

namespace hindsight {

/// The function `name` as the code at `pc` sees it, past the runtime's own; null if there is none.
/// `name` is a literal: it is remembered by its address.
void* findFunctionSeenFrom(uptr pc, const char* name);
/// The first function of that name in any library, as one may have been opened for all since the
/// program began; null if there is none. Not remembered: for what is called in vain otherwise.
void* findFunctionAnywhere(const char* name);
/// A library is gone: another may get its place.
void forgetCallerScopes();

}  // namespace hindsight
