// libbacktrace_api.h - the handful of foreign functions that symbolising rests on.
//
// libbacktrace reads symbol tables and DWARF; cp-demangle.o of libiberty spells C++ names, and
// LLVM's demangler those that it does not know (libc++'s newer templates). All are linked in under
// private names with private libc calls (redefine_symbols.txt, libc_shims.cpp), so they neither
// meet the program's own copies nor the runtime's interceptors.
//
// Thread safety: none of these; the symboliser calls them under its lock.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

struct backtrace_state;

/// `errnum` -1: no debug information; 0: the message alone; else an errno.
using BacktraceError = void (*)(void* data, const char* message, int errnum);
/// Called for every function inlined at `pc`, innermost first. Non-zero stops.
using BacktraceFrame = int (*)(void* data, uintptr_t pc, const char* file, int line,
                               const char* function);
using BacktraceSymbol = void (*)(void* data, uintptr_t pc, const char* name, uintptr_t value,
                                 uintptr_t size);

backtrace_state* __hindsight_backtrace_create_state(const char* file, int threaded,
                                                    BacktraceError error, void* data);
int __hindsight_backtrace_pcinfo(backtrace_state* state, uintptr_t pc, BacktraceFrame frame,
                                 BacktraceError error, void* data);
int __hindsight_backtrace_syminfo(backtrace_state* state, uintptr_t address, BacktraceSymbol symbol,
                                  BacktraceError error, void* data);

/// Pieces of the demangled name go to `piece`. Returns 0 if `mangled` is no mangled name.
int __hindsight_cplus_demangle_v3_callback(const char* mangled, int options,
                                           void (*piece)(const char* text, size_t length,
                                                         void* data),
                                           void* data);

// llvm::ItaniumPartialDemangler, an object of two pointers. Texts are to be freed; null if there is
// none.
struct HindsightDemangler {
  void* root;
  void* context;
};
void __hindsight_demangler_construct(HindsightDemangler* demangler);
void __hindsight_demangler_destroy(HindsightDemangler* demangler);
/// True if `mangled` is no mangled name.
bool __hindsight_demangler_fails(HindsightDemangler* demangler, const char* mangled);
bool __hindsight_demangler_is_function(const HindsightDemangler* demangler);
char* __hindsight_demangler_whole(const HindsightDemangler* demangler, char* buffer, size_t* bytes);
char* __hindsight_demangler_name(const HindsightDemangler* demangler, char* buffer, size_t* bytes);
char* __hindsight_demangler_parameters(const HindsightDemangler* demangler, char* buffer,
                                       size_t* bytes);
void __hindsight_internal_free(void* block);
}
