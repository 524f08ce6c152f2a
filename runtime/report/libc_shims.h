// libc_shims.h - the libc that the third-party code inside the runtime sees.
//
// libbacktrace, libiberty's demangler and libunwind call libc, whose functions are interceptors in
// the final program. The build renames those calls (`objcopy --redefine-syms`, the list is
// redefine_symbols.txt) to the functions of libc_shims.cpp, which use system calls and the arena
// only. One of them is more than a stand-in: dl_iterate_phdr shows libbacktrace a single module.
//
// Thread safety: as the functions they replace. errno is another variable than the program's.
#pragma once

#include "base/types.h"

struct dl_phdr_info;

namespace hindsight {

/// While set (per thread), dl_iterate_phdr of third-party code visits this module only, once.
void presentOnlyModule(const dl_phdr_info* module);

}  // namespace hindsight
