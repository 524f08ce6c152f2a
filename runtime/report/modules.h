// modules.h - the executable and the shared libraries, loaded now or once seen.
//
// The list is brought up to date before each report. Libraries that are gone stay in it: the stack
// of an older access may lead into one. Where an old and a loaded module overlap, the loaded one
// is meant.
//
// Thread safety: none; the symboliser's lock guards it. Allocation: arena, never freed.
#pragma once

#include "base/types.h"

struct backtrace_state;

namespace hindsight {

/// What tells one file from another that has taken its place.
struct FileBeginning {
  u32 bytes;  // 0: nothing is known
  u64 hash;   // of these
};

struct Module {
  Module* next;
  const char* path;       // as shown
  const char* open_path;  // as opened: survives a rename of the executable
  uptr base;              // what the module's own addresses are relative to
  uptr begin, end;        // of its segments
  bool loaded;
  bool foreign;              // no instrumented code in it, and not the C library or the loader
  bool readable;             // the file could be opened, and was still the one that is mapped
  FileBeginning beginning;   // of the file that is mapped
  backtrace_state* symbols;  // made on first use, null before
};

/// Asks the dynamic loader if anything changed since the last call, and takes it over.
void refreshModules();
/// The module that contains `address`; null if there is none.
Module* findModule(uptr address);
/// Whether the loaded library at `path` has no instrumented code and is none whose doings are
/// known; `dynamic` is its dynamic section.
bool isForeignLibrary(const char* path, const void* dynamic, uptr base);
/// Whether the module's first constructor is a call of __tsan_init.
bool startsByRuntime(const void* dynamic, uptr base);
/// Whether the module's file is there, and still the one that was mapped: an upgrade may have
/// replaced it.
bool hasItsFile(const Module& module);
/// The module that is loaded with this base; null if there is none.
Module* findModuleAt(uptr base);
/// Whether the library at `path` is LLVM's OpenMP runtime.
bool isOpenMpLibrary(const char* path);

}  // namespace hindsight
