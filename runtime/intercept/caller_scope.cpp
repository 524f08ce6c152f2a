#include "intercept/caller_scope.h"

#include <link.h>

#include "base/arena.h"
#include "base/text.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

// --- One library ---------------------------------------------------------------------------------

struct Library {
  const char* path;
  uptr base;
  uptr begin, end;
  const ElfW(Dyn) * dynamic;
};

Library libraryOf(const dl_phdr_info& info) {
  Library library{info.dlpi_name, info.dlpi_addr, ~0ull, 0, nullptr};
  for (u32 i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info.dlpi_phdr[i];
    const uptr begin = info.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_DYNAMIC) library.dynamic = reinterpret_cast<const ElfW(Dyn)*>(begin);
    if (part.p_type != PT_LOAD) continue;
    library.begin = min(library.begin, begin);
    library.end = max(library.end, begin + part.p_memsz);
  }
  return library;
}

bool holds(const Library& library, uptr address) {
  return library.begin <= address && address < library.end;
}

/// 0 if there is no such entry.
uptr entryOf(const Library& library, sptr tag) {
  for (const auto* entry = library.dynamic; entry->d_tag != DT_NULL; ++entry)
    if (entry->d_tag == tag) return entry->d_un.d_ptr;
  return 0;
}

/// The loader has relocated these in place, but for the vDSO's.
template <class T>
const T* tableOf(const Library& library, sptr tag) {
  const uptr address = entryOf(library, tag);
  return reinterpret_cast<const T*>(address != 0 && address < library.base ? library.base + address
                                                                           : address);
}

struct Symbols {
  const ElfW(Sym) * symbols;
  const char* names;
  const u16* versions;  // or null
};

/// The address of symbol `index` if it is the function `name`, in its default version.
uptr functionAt(const Library& library, const Symbols& table, u32 index, const char* name) {
  constexpr u16 kHidden = 0x8000;
  const ElfW(Sym)& symbol = table.symbols[index];
  if (symbol.st_shndx == SHN_UNDEF || ELF64_ST_TYPE(symbol.st_info) != STT_FUNC) return 0;
  if (ELF64_ST_BIND(symbol.st_info) == STB_LOCAL) return 0;
  if (table.versions != nullptr && (table.versions[index] & kHidden) != 0) return 0;
  return textEqual(table.names + symbol.st_name, name) ? library.base + symbol.st_value : 0;
}

/// [GNU hash section: buckets, symbol offset, words of the filter, its shift; filter; buckets;
/// hashes, the lowest bit of which ends a chain.]
uptr findByGnuHash(const Library& library, const Symbols& table, const u32* section,
                   const char* name) {
  u32 hash = 5381;
  for (const char* at = name; *at != '\0'; ++at) hash = hash * 33 + static_cast<u8>(*at);
  const u32 bucket_count = section[0], first = section[1], filter_words = section[2];
  if (bucket_count == 0) return 0;
  const u32* const buckets = section + 4 + static_cast<size_t>(filter_words) * 2;
  const u32* const hashes = buckets + bucket_count;
  u32 index = buckets[hash % bucket_count];
  if (index < first) return 0;
  for (;; ++index) {
    const u32 here = hashes[index - first];
    if ((here | 1) == (hash | 1))
      if (const uptr found = functionAt(library, table, index, name)) return found;
    if ((here & 1) != 0) return 0;
  }
}

uptr findIn(const Library& library, const char* name) {
  // The runtime's own library exports the very interceptor that asks.
  if (library.dynamic == nullptr || holds(library, reinterpret_cast<uptr>(&findIn))) return 0;
  const Symbols table{tableOf<ElfW(Sym)>(library, DT_SYMTAB), tableOf<char>(library, DT_STRTAB),
                      tableOf<u16>(library, DT_VERSYM)};
  if (table.symbols == nullptr || table.names == nullptr) return 0;
  if (const u32* section = tableOf<u32>(library, DT_GNU_HASH))
    return findByGnuHash(library, table, section, name);
  const u32* section = tableOf<u32>(library, DT_HASH);
  const u32 count = section != nullptr ? section[1] : 0;
  for (u32 index = 1; index < count; ++index)
    if (const uptr found = functionAt(library, table, index, name)) return found;
  return 0;
}

// --- All of them ---------------------------------------------------------------------------------

/// Calls `visit(library)` until it returns true. The lock that keeps all where they are is
/// recursive.
template <class Visit>
bool forEachLibrary(Visit visit) {
  return dl_iterate_phdr(
             [](dl_phdr_info* info, size_t, void* argument) {
               return static_cast<int>((*static_cast<Visit*>(argument))(libraryOf(*info)));
             },
             &visit) != 0;
}

bool isNamed(const Library& library, const char* needed) {
  if (library.dynamic == nullptr) return false;
  const char* const names = tableOf<char>(library, DT_STRTAB);
  const uptr own_name = entryOf(library, DT_SONAME);
  if (names != nullptr && own_name != 0 && textEqual(names + own_name, needed)) return true;
  return textEqual(library.path, needed) || textEqual(baseName(library.path), needed);
}

/// The caller's library and those that it needs, in the order in which they are searched.
class Scope {
 public:
  explicit Scope(const Library& first) { add(first); }

  uptr find(const char* name) {
    for (u32 i = 0; i < count_; ++i) {
      if (const uptr found = findIn(libraries_[i], name)) return found;
      addNeeded(libraries_[i]);
    }
    return 0;
  }

 private:
  static constexpr u32 kMost = 64;

  void add(const Library& library) {
    for (u32 i = 0; i < count_; ++i)
      if (libraries_[i].base == library.base) return;
    if (count_ < kMost) libraries_[count_++] = library;
  }

  void addNeeded(const Library& by) {
    const char* const names = by.dynamic != nullptr ? tableOf<char>(by, DT_STRTAB) : nullptr;
    if (names == nullptr) return;
    for (const auto* entry = by.dynamic; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag != DT_NEEDED) continue;
      forEachLibrary([&](const Library& library) {
        if (!isNamed(library, names + entry->d_un.d_val)) return false;
        add(library);
        return true;
      });
    }
  }

  u32 count_ = 0;
  Library libraries_[kMost];
};

// --- What has been found -------------------------------------------------------------------------

struct Found {
  uptr begin, end;  // of the caller's library
  const char* name;
  void* function;
  u32 generation;  // in which it was found
  Found* next;
};

/// Entries stay for ever: there is one for each library and name.
constinit Found* all_found = nullptr;
constinit u32 generation = 1;  // libraries that have gone since

Found* entryFor(uptr pc, const char* name) {
  // pairs with: remember
  for (Found* found = __atomic_load_n(&all_found, __ATOMIC_ACQUIRE); found != nullptr;
       found = found->next)
    if (found->begin <= pc && pc < found->end && found->name == name) return found;
  return nullptr;
}

void remember(const Library& caller, const char* name, uptr function, u32 now) {
  Found* found = entryFor(caller.begin, name);
  if (found == nullptr || found->begin != caller.begin || found->end != caller.end) {
    found = arenaNew<Found>();
    *found = {caller.begin, caller.end, name, reinterpret_cast<void*>(function), now, nullptr};
    found->next = __atomic_load_n(&all_found, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&all_found, &found->next, found, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {  // pairs with: entryFor
    }
    return;
  }
  __atomic_store_n(&found->function, reinterpret_cast<void*>(function), __ATOMIC_RELAXED);
  __atomic_store_n(&found->generation, now, __ATOMIC_RELEASE);  // pairs with: findFunctionSeenFrom
}

/// The library that has `address`. False if none has.
bool findHolder(uptr address, Library& holder) {
  return forEachLibrary([&](const Library& library) {
    if (!holds(library, address)) return false;
    holder = library;
    return true;
  });
}

}  // namespace

void* findFunctionSeenFrom(uptr pc, const char* name) {
  --pc;  // a call may be the last instruction
  const u32 now = __atomic_load_n(&generation, __ATOMIC_ACQUIRE);
  if (Found* found = entryFor(pc, name))
    // pairs with: remember
    if (__atomic_load_n(&found->generation, __ATOMIC_ACQUIRE) == now)
      return __atomic_load_n(&found->function, __ATOMIC_RELAXED);
  uptr function = 0;
  Library caller{};
  // Within one callback, so that nothing comes or goes meanwhile.
  forEachLibrary([&](const Library&) {
    if (findHolder(pc, caller)) function = Scope(caller).find(name);
    return true;
  });
  if (caller.end == 0) return nullptr;
  const RuntimeScope scope;  // of this alone: who has that lock may have to stop for us
  remember(caller, name, function, now);
  return reinterpret_cast<void*>(function);
}

void* findFunctionAnywhere(const char* name) {
  uptr function = 0;
  forEachLibrary([&](const Library& library) {
    function = findIn(library, name);
    return function != 0;
  });
  return reinterpret_cast<void*>(function);
}

void forgetCallerScopes() {
  __atomic_fetch_add(&generation, 1, __ATOMIC_RELEASE);  // pairs with: findFunctionSeenFrom
}

}  // namespace hindsight
