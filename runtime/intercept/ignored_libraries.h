// ignored_libraries.h - libraries whose calls of the C library are not checked (option ignore_lib).
//
// A library that is not instrumented and synchronises by means that are not seen makes false
// reports through the C library's functions that it calls. The accesses of such calls can be left
// out: neither checked nor recorded. What the calls order stays. ThreadSanitizer's suppression
// `called_from_lib:` means the same.
//
// Who calls is decided by the return address, so a tail call counts for the function before it. A
// path is matched once for each library.
//
// Thread safety: any thread. Allocation: none after init.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Whether any library is to be ignored.
extern bool ignoring_libraries;

/// Takes over the option and the suppressions. Stops the program if the C library cannot tell
/// callers apart (before glibc 2.35) and the option is set.
void initIgnoredLibraries();
/// Whether `pc` is in such a library. Never blocks; may be called from a signal handler.
bool isInIgnoredLibrary(uptr pc);
/// Whether `pc` is in a library whose own accesses and atomics are not seen, other than the C++
/// runtime's. Always true before glibc 2.35. Never blocks; may be called from a signal handler.
bool isInForeignLibrary(uptr pc);
/// Whether `pc` is in libgcc_s.so. False before glibc 2.35. Never blocks; may be called from a
/// signal handler.
bool isInGccUnwinder(uptr pc);
/// Whether `pc` is in the executable. False before glibc 2.35. Never blocks; may be called from a
/// signal handler.
bool isInProgramItself(uptr pc);
/// A library is gone: another may get its place.
void forgetIgnoredLibraries();

}  // namespace hindsight
