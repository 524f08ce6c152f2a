#include "openmp/openmp_call.h"

#include <dlfcn.h>

#include "intercept/real_calls.h"

namespace hindsight {

void* findOpenMp(const char* name, uptr caller_pc) {
  if (void* found = findRealFunction(name, nullptr)) return found;
  // A library opened with RTLD_LOCAL sees its own libomp, which we do not.
  Dl_info caller;
  if (dladdr(reinterpret_cast<void*>(caller_pc), &caller) != 0) {
    if (void* library = dlopen(caller.dli_fname, RTLD_LAZY | RTLD_NOLOAD)) {
      void* const found = dlsym(library, name);
      real.dlclose(library);
      if (found != nullptr) return found;
    }
  }
  checkFailed("an OpenMP library has this function", name, 0);
}

}  // namespace hindsight
