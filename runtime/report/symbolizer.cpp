#include "report/symbolizer.h"

#include <link.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "base/text.h"
#include "base/text_writer.h"
#include "platform/syscalls.h"
#include "report/demangle.h"
#include "report/libbacktrace_api.h"
#include "report/libc_shims.h"
#include "report/modules.h"

namespace hindsight {
namespace {

constexpr u32 kMaxInlined = 64;
constexpr u32 kBuckets = 4096;

struct CachedPc {
  CachedPc* next;
  const Module* module;  // the pc may belong to another library later
  SymbolizedPc symbolized;
};

struct CachedGlobal {
  CachedGlobal* next;
  SymbolizedGlobal symbolized;
};

constinit SpinLock g_lock;
constinit CachedPc* g_cache[kBuckets];
constinit CachedGlobal* g_globals[kBuckets];

u32 bucketOf(uptr address) { return (address * 0x9e3779b97f4a7c15ull >> 32) % kBuckets; }

struct Symbol {
  const char* name;
  uptr start, size;
};

/// What libbacktrace says of one pc; strings are its own and live for good.
struct RawFrames {
  struct Raw {
    const char* function;
    const char* file;
    u32 line;
  } frames[kMaxInlined];
  u32 count;
};

void ignoreError(void*, const char*, int) {}

/// Whether there are names for the module: libbacktrace has read its file, or may do so now.
bool hasNames(Module& module) {
  if (module.readable && module.symbols == nullptr) module.readable = hasItsFile(module);
  return module.readable;
}

/// Makes `module` the only one that libbacktrace sees while it lives.
class ModuleScope {
 public:
  explicit ModuleScope(Module& module) {
    info_ = {};
    info_.dlpi_addr = module.base;
    info_.dlpi_name = "";  // "the file that is open already"
    presentOnlyModule(&info_);
    if (module.symbols == nullptr)
      module.symbols =
          __hindsight_backtrace_create_state(module.open_path, 0, ignoreError, nullptr);
  }
  ~ModuleScope() { presentOnlyModule(nullptr); }

 private:
  dl_phdr_info info_;
};

Symbol findSymbol(Module& module, uptr address) {
  Symbol symbol{nullptr, 0, 0};
  if (!hasNames(module)) return symbol;
  ModuleScope scope(module);
  const auto take = [](void* data, uptr, const char* name, uptr start, uptr size) {
    *static_cast<Symbol*>(data) = {name, start, size};
  };
  if (module.symbols != nullptr)
    __hindsight_backtrace_syminfo(module.symbols, address, take, ignoreError, &symbol);
  return symbol;
}

void findFrames(Module& module, uptr address, RawFrames& out) {
  out.count = 0;
  if (!hasNames(module)) return;
  ModuleScope scope(module);
  const auto take = [](void* data, uptr, const char* file, int line, const char* function) {
    RawFrames& frames = *static_cast<RawFrames*>(data);
    if (file == nullptr && function == nullptr) return 0;
    if (frames.count < kMaxInlined)
      frames.frames[frames.count++] = {function, file, static_cast<u32>(max(line, 0))};
    return 0;
  };
  if (module.symbols != nullptr)
    __hindsight_backtrace_pcinfo(module.symbols, address, take, ignoreError, &out);
}

const char* demangledCopy(const char* name, bool is_function) {
  if (name == nullptr) return "";
  TextWriter writer;
  writeDemangled(name, is_function, writer);
  return copyText(writer.data(), writer.size());
}

/// Most spellings are the same: what differs is a C function's, which has no parameters there, and
/// the arguments and the return type of templates, and lambdas.
const char* spellingLikeTsan(const char* name, const char* own) {
  if (name == nullptr) return "";
  const bool is_mangled = textStartsWith(name, "_Z");
  if (is_mangled && textFind(own, "<", 1) == nullptr && textFind(own, "{", 1) == nullptr) return "";
  TextWriter writer;
  writeLikeTsan(name, writer);
  return copyText(writer.data(), writer.size());
}

/// Whether `path` (its first `length` bytes) names something on this machine.
bool exists(const char* path, size_t length) {
  char name[4096];
  if (length >= sizeof(name)) return false;
  for (size_t i = 0; i < length; ++i) name[i] = path[i];
  name[length] = 0;
  u64 status[32];  // a struct stat that nobody looks at
  return !syscallFailed(sysLstat(name, status));
}

/// libbacktrace puts the compilation directory in front of absolute names as well:
/// `/build//src/a.cpp` means `/src/a.cpp`. A double slash that was in the source's own path is
/// told apart by looking which of the two exists, the file or at least its top directory.
const char* sourcePath(const char* path) {
  if (path == nullptr) return "";
  const char* twin = textFind(path, "//", 2);
  if (twin == nullptr) return path;
  const char* tail = twin + 1;
  if (exists(tail, textLength(tail))) return tail;
  if (exists(path, textLength(path))) return path;
  size_t top = 1;
  while (tail[top] != 0 && tail[top] != '/') ++top;
  return tail[top] == '/' && exists(tail, top) ? tail : path;
}

/// The symbol's name where the debug information has only the bare one (-gline-tables-only).
const char* outermostName(const char* from_debug_info, const Symbol& symbol) {
  if (symbol.name == nullptr) return from_debug_info;
  if (from_debug_info == nullptr) return symbol.name;
  const bool is_bare = !textStartsWith(from_debug_info, "_Z");
  return is_bare && textStartsWith(symbol.name, "_Z") ? symbol.name : from_debug_info;
}

void symbolizeInModule(Module& module, SymbolizedPc& out) {
  const uptr address = out.pc - 1;
  out.module = module.path;
  out.module_offset = out.pc - module.base;
  out.foreign = module.foreign;
  const Symbol symbol = findSymbol(module, address);
  RawFrames raw;
  if (symbol.name != nullptr) {
    out.function_offset = out.pc - symbol.start;
    findFrames(module, symbol.start, raw);
    if (raw.count > 0) out.function_line = raw.frames[raw.count - 1].line;
  }
  findFrames(module, address, raw);
  if (raw.count == 0) raw.frames[raw.count++] = {nullptr, nullptr, 0};
  raw.frames[raw.count - 1].function = outermostName(raw.frames[raw.count - 1].function, symbol);

  auto* frames = static_cast<SourceFrame*>(arenaAllocate(raw.count * sizeof(SourceFrame)));
  for (u32 i = 0; i < raw.count; ++i) {
    const char* const name = raw.frames[i].function;
    const char* const function = demangledCopy(name, true);
    frames[i] = {function, sourcePath(raw.frames[i].file), raw.frames[i].line,
                 spellingLikeTsan(name, function)};
  }
  out.frames = frames;
  out.count = raw.count;
}

const SymbolizedPc& symbolizePc(uptr pc) {
  static constexpr SourceFrame kUnknown{"", "", 0};
  SpinLockGuard guard(g_lock);
  Module* module = findModule(pc - 1);
  CachedPc*& bucket = g_cache[bucketOf(pc)];
  for (CachedPc* cached = bucket; cached != nullptr; cached = cached->next)
    if (cached->symbolized.pc == pc && cached->module == module) return cached->symbolized;

  CachedPc* cached = arenaNew<CachedPc>();
  cached->module = module;
  cached->symbolized = {pc, "", 0, 0, 0, &kUnknown, 1};
  if (module != nullptr) symbolizeInModule(*module, cached->symbolized);
  cached->next = bucket;
  bucket = cached;
  return cached->symbolized;
}

SymbolizedGlobal symbolizeGlobal(uptr address) {
  SpinLockGuard guard(g_lock);
  Module* module = findModule(address);
  if (module == nullptr) return {nullptr, "", 0, 0};
  const Symbol symbol = findSymbol(*module, address);
  if (symbol.name == nullptr) return {nullptr, module->path, 0, 0};

  CachedGlobal*& bucket = g_globals[bucketOf(symbol.start)];
  for (CachedGlobal* cached = bucket; cached != nullptr; cached = cached->next)
    if (cached->symbolized.start == symbol.start && cached->symbolized.module == module->path)
      return cached->symbolized;
  CachedGlobal* cached = arenaNew<CachedGlobal>();
  cached->symbolized = {demangledCopy(symbol.name, false), module->path, symbol.start, symbol.size};
  cached->next = bucket;
  bucket = cached;
  return cached->symbolized;
}

/// A place in the calling thread's static thread-local storage, and the module whose block it is
/// in.
struct ThreadLocalSearch {
  uptr address;
  uptr base, begin;  // begin 0: not found
};

int findThreadLocalBlock(dl_phdr_info* info, size_t bytes, void* argument) {
  auto& search = *static_cast<ThreadLocalSearch*>(argument);
  if (bytes < offsetof(dl_phdr_info, dlpi_tls_data) + sizeof(void*) ||
      info->dlpi_tls_data == nullptr)
    return 0;
  const auto begin = reinterpret_cast<uptr>(info->dlpi_tls_data);
  for (u32 i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_TLS || search.address - begin >= segment.p_memsz) continue;
    search.base = info->dlpi_addr;
    search.begin = begin;
    return 1;
  }
  return 0;
}

constexpr SymbolSource kProcessSymbols{symbolizePc, symbolizeGlobal};

}  // namespace

bool moduleOf(uptr address, ModuleView& module) {
  SpinLockGuard guard(g_lock);
  const Module* found = findModule(address);
  if (found == nullptr || !hasItsFile(*found)) return false;
  module = {found->open_path, found->base, 0};
  return true;
}

bool moduleOfThreadLocal(uptr address, uptr thread_pointer, ModuleView& module) {
  if (thread_pointer == 0) return false;
  // The same place in all threads: so far from the thread pointer.
  const auto own = reinterpret_cast<uptr>(__builtin_thread_pointer());
  ThreadLocalSearch search{address - thread_pointer + own, 0, 0};
  dl_iterate_phdr(findThreadLocalBlock, &search);
  if (search.begin == 0) return false;
  SpinLockGuard guard(g_lock);
  const Module* found = findModuleAt(search.base);
  if (found == nullptr || !hasItsFile(*found)) return false;
  module = {found->open_path, found->base, search.begin - own + thread_pointer};
  return true;
}

const SymbolSource& processSymbols() { return kProcessSymbols; }

void rememberModules() {
  SpinLockGuard guard(g_lock);
  refreshModules();
}

}  // namespace hindsight
