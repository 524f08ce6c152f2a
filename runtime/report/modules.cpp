#include "report/modules.h"

#include <fcntl.h>
#include <link.h>

#include "base/arena.h"
#include "base/text.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

constinit Module* g_modules = nullptr;
constinit u64 g_added = 0;  // the loader's counts at the last refresh
constinit u64 g_removed = 0;

/// Paths of the executable: as shown, and as opened.
void nameExecutable(Module& module) {
  // Not /proc/self: that is dead once the main thread has left by pthread_exit.
  constexpr const char* kSelf = "/proc/thread-self/exe";
  char path[4096];
  const sptr length = sysReadlink(kSelf, path, sizeof(path));
  module.open_path = kSelf;
  module.path = syscallFailed(length) ? kSelf : copyText(path, static_cast<size_t>(length));
}

bool canOpen(const char* path) {
  const sptr fd = sysOpen(path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return false;
  sysClose(static_cast<int>(fd));
  return true;
}

bool isSameModule(const Module& module, const dl_phdr_info& info) {
  if (module.base != info.dlpi_addr) return false;
  return info.dlpi_name[0] == 0 || textEqual(module.open_path, info.dlpi_name);
}

void addModule(const dl_phdr_info& info) {
  uptr begin = UINTPTR_MAX, end = 0;
  for (u32 i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    begin = min<uptr>(begin, info.dlpi_addr + segment.p_vaddr);
    end = max<uptr>(end, info.dlpi_addr + segment.p_vaddr + segment.p_memsz);
  }
  if (begin >= end) return;
  Module* module = arenaNew<Module>();
  if (info.dlpi_name[0] == 0)
    nameExecutable(*module);
  else
    module->path = module->open_path = copyText(info.dlpi_name);
  module->base = info.dlpi_addr;
  module->begin = begin;
  module->end = end;
  module->loaded = true;
  // Asked now, while the library is sure to be there: a file that is missing must not be opened
  // later, as libbacktrace would take the executable's in its place.
  module->readable = canOpen(module->open_path);
  module->next = g_modules;
  g_modules = module;
}

int isUnchanged(dl_phdr_info* info, size_t, void* unchanged) {
  *static_cast<bool*>(unchanged) = g_added == info->dlpi_adds && g_removed == info->dlpi_subs;
  g_added = info->dlpi_adds;
  g_removed = info->dlpi_subs;
  return 1;  // stop: every module carries the same counts
}

int takeOver(dl_phdr_info* info, size_t, void*) {
  for (Module* module = g_modules; module != nullptr; module = module->next)
    if (isSameModule(*module, *info)) {
      module->loaded = true;
      return 0;
    }
  addModule(*info);
  return 0;
}

}  // namespace

void refreshModules() {
  bool unchanged = false;
  dl_iterate_phdr(isUnchanged, &unchanged);
  if (unchanged) return;
  for (Module* module = g_modules; module != nullptr; module = module->next) module->loaded = false;
  dl_iterate_phdr(takeOver, nullptr);
}

Module* findModule(uptr address) {
  Module* gone = nullptr;
  for (Module* module = g_modules; module != nullptr; module = module->next) {
    if (address - module->begin >= module->end - module->begin) continue;
    if (module->loaded) return module;
    if (gone == nullptr) gone = module;
  }
  return gone;
}

}  // namespace hindsight
