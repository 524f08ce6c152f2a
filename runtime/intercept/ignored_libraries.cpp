#include "intercept/ignored_libraries.h"

#include "base/arena.h"
#include "base/flags.h"
#include "base/text.h"
#include "base/text_writer.h"
#include "intercept/real_calls.h"
#include "platform/syscalls.h"
#include "report/modules.h"
#include "report/options.h"
#include "report/output.h"
#include "report/suppressions.h"

namespace hindsight {

constinit bool ignoring_libraries = false;

namespace {

struct Pattern {
  Pattern* next;
  const char* text;
};

constinit Pattern* patterns = nullptr;

#if defined(__GLIBC_PREREQ) && __GLIBC_PREREQ(2, 35)
using FindObject = int(void* pc, dl_find_object* found);
constinit FindObject* find_object = nullptr;  // without a lock: the loader's may be held

link_map* libraryOf(uptr pc) {
  dl_find_object found;
  return find_object(reinterpret_cast<void*>(pc), &found) == 0 ? found.dlfo_link_map : nullptr;
}

void findFunction() {
  find_object = reinterpret_cast<FindObject*>(findRealFunction("_dl_find_object", nullptr));
}
bool canTell() { return find_object != nullptr; }
#else
link_map* libraryOf(uptr) { return nullptr; }
void findFunction() {}
bool canTell() { return false; }
#endif

/// Verdicts by library: the address of its link map, and what is known of it in the low bits.
constexpr u64 kIgnored = 1, kForeign = 2;
static_assert(alignof(link_map) >= 4);
constexpr u32 kVerdicts = 256;
u64 verdicts[kVerdicts];

u64& verdictOf(const link_map* library) {
  return verdicts[(reinterpret_cast<uptr>(library) >> 4) * 0x9e3779b97f4a7c15ull >> 56];
}

bool matches(const char* path) {
  for (const Pattern* pattern = patterns; pattern != nullptr; pattern = pattern->next)
    if (matchesPattern(pattern->text, path)) return true;
  return false;
}

/// What these do with the C library's objects, they do for the program's.
bool isOfTheLanguage(const char* path) {
  constexpr const char* kNames[] = {"libstdc++.so", "libc++.so", "libc++abi.so"};
  for (const char* name : kNames)
    if (textStartsWith(baseName(path), name)) return true;
  return false;
}

u64 verdict(const link_map* library) {
  const u64 key = reinterpret_cast<uptr>(library);
  u64& entry = verdictOf(library);
  const u64 known = __atomic_load_n(&entry, __ATOMIC_RELAXED);  // one word says it all
  if ((known & ~(kIgnored | kForeign)) == key) return known;
  u64 found = key;
  if (matches(library->l_name)) found |= kIgnored;
  if (!isOfTheLanguage(library->l_name) &&
      isForeignLibrary(library->l_name, library->l_ld, library->l_addr))
    found |= kForeign;
  __atomic_store_n(&entry, found, __ATOMIC_RELAXED);
  return found;
}

void addPattern(const char* text, size_t length) {
  if (length == 0) return;
  auto* pattern = arenaNew<Pattern>();
  *pattern = {patterns, copyText(text, length)};
  patterns = pattern;
}

void addPatterns(const char* list) {
  for (const char* at = list; *at != '\0';) {
    const char* end = at;
    while (*end != '\0' && *end != ':') ++end;
    addPattern(at, static_cast<size_t>(end - at));
    at = *end == ':' ? end + 1 : end;
  }
}

}  // namespace

void initIgnoredLibraries() {
  addPatterns(flags().ignore_lib);
  const bool is_asked_for = patterns != nullptr;
  for (const Suppression* rule = suppressions().begin(); rule != nullptr; rule = rule->next)
    if (rule->type == SuppressionType::CalledFromLib)
      addPattern(rule->pattern, textLength(rule->pattern));
  findFunction();
  if (patterns == nullptr) return;
  ignoring_libraries = canTell();
  if (ignoring_libraries || !is_asked_for) return;
  TextWriter message;
  message.text("hindsight: HINDSIGHT: option 'ignore_lib' needs glibc 2.35 or later\n");
  writeStderr(message.data(), message.size());
  sysExitGroup(2);
}

bool isInIgnoredLibrary(uptr pc) {
  const link_map* const library = libraryOf(pc - 1);
  return library != nullptr && library->l_name != nullptr && (verdict(library) & kIgnored) != 0;
}

bool isInForeignLibrary(uptr pc) {
  if (!canTell()) return true;
  const link_map* const library = libraryOf(pc - 1);
  if (library == nullptr || library->l_name == nullptr) return true;
  return library->l_name[0] != '\0' && (verdict(library) & kForeign) != 0;
}

bool isInGccUnwinder(uptr pc) {
  const link_map* const library = canTell() ? libraryOf(pc - 1) : nullptr;
  return library != nullptr && library->l_name != nullptr &&
         textStartsWith(baseName(library->l_name), "libgcc_s.so");
}

bool isInProgramItself(uptr pc) {
  const link_map* const library = canTell() ? libraryOf(pc) : nullptr;
  return library != nullptr && library->l_name != nullptr && library->l_name[0] == '\0';
}

void forgetIgnoredLibraries() {
  for (u64& entry : verdicts) __atomic_store_n(&entry, 0, __ATOMIC_RELAXED);
}

}  // namespace hindsight
