#include "report/modules.h"

#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>

#include "base/arena.h"
#include "base/flags.h"
#include "base/text.h"
#include "platform/syscalls.h"

namespace hindsight {
namespace {

constinit Module* g_modules = nullptr;
constinit u64 g_added = 0;  // the loader's counts at the last refresh
constinit u64 g_removed = 0;

constexpr const char* kKnownLibraries[] = {"libc.so.", "libpthread.so.", "ld-linux",
                                           "linux-vdso.so.", "libhindsight.so"};

/// Whether the file at `path` is the one that is mapped at `image`: its header, with entry point
/// and section offset, is the same.
bool isFileOf(const char* path, uptr image) {
  ElfW(Ehdr) header;
  const sptr fd = sysOpen(path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return false;
  const bool read = sysRead(static_cast<int>(fd), &header, sizeof(header)) == sizeof(header);
  sysClose(static_cast<int>(fd));
  return read &&
         __builtin_memcmp(&header, reinterpret_cast<const void*>(image), sizeof(header)) == 0;
}

/// Paths of the executable, which begins at `image`: as shown, and as opened.
void nameExecutable(Module& module, uptr image) {
  // /proc/self is dead once the main thread has left by pthread_exit; the other is the emulator's
  // own executable under qemu, which lends its name to the first only.
  const char* self = "/proc/thread-self/exe";
  constexpr const char* kOther = "/proc/self/exe";
  if (!isFileOf(self, image) && isFileOf(kOther, image)) self = kOther;
  char path[4096];
  const sptr length = sysReadlink(self, path, sizeof(path));
  module.open_path = self;
  module.path = syscallFailed(length) ? self : copyText(path, static_cast<size_t>(length));
  if (!syscallFailed(length)) return;
  // No /proc: the path that it was started by, unless that leads elsewhere now.
  const auto* started_by = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  if (started_by != nullptr && isFileOf(started_by, image))
    module.path = module.open_path = copyText(started_by);
}

constexpr u64 kHashOfNothing = 0xcbf29ce484222325;

/// FNV-1a, by words as long as there are whole ones.
u64 hashOf(u64 hash, const char* bytes, size_t count) {
  constexpr u64 kPrime = 0x100000001b3;
  const auto add = [&](u64 value) {
    hash = (hash ^ value) * kPrime;
    hash ^= hash >> 32;
  };
  for (; count >= sizeof(u64); bytes += sizeof(u64), count -= sizeof(u64)) {
    u64 word;
    __builtin_memcpy(&word, bytes, sizeof(word));
    add(word);
  }
  for (; count > 0; ++bytes, --count) add(static_cast<u8>(*bytes));
  return hash;
}

/// How the file of a loaded library begins, as it is mapped: its header, the sizes of all segments,
/// the build id as a rule. Of one that may write there nothing is known.
FileBeginning beginningOf(const dl_phdr_info& info) {
  constexpr u64 kEnough = 4096;
  for (u32 i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info.dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || segment.p_offset != 0) continue;
    if ((segment.p_flags & (PF_R | PF_W)) != PF_R) break;
    const u32 bytes = static_cast<u32>(min<u64>(segment.p_filesz, kEnough));
    const auto* begin = reinterpret_cast<const char*>(info.dlpi_addr + segment.p_vaddr);
    return {bytes, hashOf(kHashOfNothing, begin, bytes)};
  }
  return {0, kHashOfNothing};
}

/// Not if it was closed, replaced on disk and opened again at the same address.
bool isSameModule(const Module& module, const dl_phdr_info& info) {
  if (module.base != info.dlpi_addr) return false;
  if (info.dlpi_name[0] == 0) return true;
  if (!textEqual(module.open_path, info.dlpi_name)) return false;
  const FileBeginning beginning = beginningOf(info);
  return module.beginning.bytes == beginning.bytes && module.beginning.hash == beginning.hash;
}

/// What a module needs of others comes first among its dynamic symbols: what has no hash.
u32 countUndefined(const ElfW(Dyn) * dynamic, uptr base) {
  const auto addressOf = [=](const ElfW(Dyn) & entry) {
    // The loader has relocated these in place, but for the vDSO's.
    return entry.d_un.d_ptr < base ? base + entry.d_un.d_ptr : entry.d_un.d_ptr;
  };
  for (; dynamic->d_tag != DT_NULL; ++dynamic) {
    if (dynamic->d_tag == DT_GNU_HASH) return reinterpret_cast<const u32*>(addressOf(*dynamic))[1];
    if (dynamic->d_tag == DT_HASH) return reinterpret_cast<const u32*>(addressOf(*dynamic))[1];
  }
  return 0;
}

/// Whether a module needs a symbol of others whose name is `wanted`.
bool needs(const ElfW(Dyn) * dynamic, uptr base, bool (*wanted)(const char* name)) {
  uptr symbols = 0, names = 0;
  for (const ElfW(Dyn)* entry = dynamic; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_SYMTAB) symbols = entry->d_un.d_ptr;
    if (entry->d_tag == DT_STRTAB) names = entry->d_un.d_ptr;
  }
  if (symbols == 0 || names == 0) return false;
  if (symbols < base) symbols += base;
  if (names < base) names += base;
  const auto* symbol = reinterpret_cast<const ElfW(Sym)*>(symbols);
  for (u32 i = countUndefined(dynamic, base); i-- > 1;) {
    const char* name = reinterpret_cast<const char*>(names) + symbol[i].st_name;
    if (symbol[i].st_shndx == SHN_UNDEF && wanted(name)) return true;
  }
  return false;
}

/// Instrumented code calls the runtime, or refers to its thread-local block. (The version symbol is
/// in every library that the wrapper links.)
bool isOfRuntime(const char* name) {
  return !textStartsWith(name, "__hindsight_abi_") &&
         (textStartsWith(name, "__hindsight_") || textStartsWith(name, "__tsan_"));
}

const ElfW(Dyn) * dynamicOf(const dl_phdr_info& info) {
  const ElfW(Dyn)* dynamic = nullptr;
  for (u32 i = 0; i < info.dlpi_phnum; ++i)
    if (info.dlpi_phdr[i].p_type == PT_DYNAMIC)
      dynamic = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
  return dynamic;
}

/// The C library's functions that matter are intercepted, the runtime is ours, and OpenMP's tells
/// what it does.
bool isKnown(const char* path) {
  for (const char* known : kKnownLibraries)
    if (textStartsWith(baseName(path), known)) return true;
  return flags().openmp && isOpenMpLibrary(path);
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
    nameExecutable(*module, begin);
  else
    module->path = module->open_path = copyText(info.dlpi_name);
  module->base = info.dlpi_addr;
  module->begin = begin;
  module->end = end;
  module->loaded = true;
  module->beginning = info.dlpi_name[0] != 0 ? beginningOf(info) : FileBeginning{0, kHashOfNothing};
  module->foreign =
      info.dlpi_name[0] != 0 && isForeignLibrary(info.dlpi_name, dynamicOf(info), info.dlpi_addr);
  // Asked now, while the library is sure to be there: a file that is missing must not be opened
  // later, as libbacktrace would take the executable's in its place.
  module->readable = hasItsFile(*module);
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

bool isForeignLibrary(const char* path, const void* dynamic, uptr base) {
  return !isKnown(path) &&
         (dynamic == nullptr || !needs(static_cast<const ElfW(Dyn)*>(dynamic), base, isOfRuntime));
}

bool startsByRuntime(const void* dynamic, uptr base) {
  return needs(static_cast<const ElfW(Dyn)*>(dynamic), base,
               [](const char* name) { return textEqual(name, "__tsan_init"); });
}

bool isOpenMpLibrary(const char* path) {
  const char* const name = baseName(path);
  return textStartsWith(name, "libomp.so") || textStartsWith(name, "libomp-") ||
         textStartsWith(name, "libiomp5.so");
}

void refreshModules() {
  bool unchanged = false;
  dl_iterate_phdr(isUnchanged, &unchanged);
  if (unchanged) return;
  for (Module* module = g_modules; module != nullptr; module = module->next) module->loaded = false;
  dl_iterate_phdr(takeOver, nullptr);
}

bool hasItsFile(const Module& module) {
  const sptr fd = sysOpen(module.open_path, O_RDONLY | O_CLOEXEC);
  if (syscallFailed(fd)) return false;
  u64 hash = kHashOfNothing;
  char part[512];  // whole words
  for (u32 left = module.beginning.bytes; left > 0;) {
    const size_t wanted = min<size_t>(left, sizeof(part));
    if (sysRead(static_cast<int>(fd), part, wanted) != static_cast<sptr>(wanted)) break;
    hash = hashOf(hash, part, wanted);
    left -= static_cast<u32>(wanted);
  }
  sysClose(static_cast<int>(fd));
  return hash == module.beginning.hash;
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

Module* findModuleAt(uptr base) {
  for (Module* module = g_modules; module != nullptr; module = module->next)
    if (module->loaded && module->base == base) return module;
  return nullptr;
}

}  // namespace hindsight
