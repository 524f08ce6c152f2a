#include "report/vtable.h"

#include "base/text.h"

namespace hindsight {
namespace {

constexpr const char* kTablePrefixes[] = {"vtable for ", "construction vtable for "};

/// Whether the raced memory is certainly mapped: it may be an argument that a function of the C
/// library only would have looked at.
bool isReadable(const RaceReport& race, uptr word, const SymbolSource& symbols) {
  switch (race.location.kind) {
    case LocationKind::Heap:
    case LocationKind::Stack:
    case LocationKind::ThreadLocal: return true;
    case LocationKind::Global:
    case LocationKind::Mapping:
    case LocationKind::Descriptor:
    case LocationKind::Unknown: return symbols.global(word).module[0] != 0;
  }
  return false;
}

bool isRead(const AccessView& access) {
  return access.kind == AccessKind::Read || access.kind == AccessKind::AtomicRead;
}

}  // namespace

const char* racedVtable(const RaceReport& race, const SymbolSource& symbols) {
  const uptr word = roundDown(max(race.current.address, race.previous.address), sizeof(uptr));
  if (race.current.size < sizeof(uptr) || race.previous.size < sizeof(uptr)) return nullptr;
  if (!isReadable(race, word, symbols)) return nullptr;
  const uptr table = __atomic_load_n(reinterpret_cast<const uptr*>(word), __ATOMIC_RELAXED);
  const SymbolizedGlobal symbol = symbols.global(table);
  if (symbol.name == nullptr || table == symbol.start) return nullptr;
  for (const char* prefix : kTablePrefixes)
    if (textStartsWith(symbol.name, prefix)) return symbol.name + textLength(prefix);
  return nullptr;
}

const char* vtableRaceText(const RaceReport& race) {
  if (race.current.kind == AccessKind::Free || race.previous.kind == AccessKind::Free)
    return "a virtual call, construction or destruction races with the deallocation";
  if (isRead(race.current) || isRead(race.previous))
    return "a virtual call races with construction or destruction";
  return "construction or destruction races with another";
}

}  // namespace hindsight
