#include "report/fingerprint.h"

#include "base/text.h"
#include "report/stack.h"

namespace hindsight {
namespace {

/// Frames of one side that count. Deeper ones are mostly the way into a dispatcher loop.
constexpr u32 kMaxFrames = 16;

u64 hashFrame(const NamedFrame& frame) {
  const SourceFrame& source = *frame.source;
  const SymbolizedPc& at = *frame.at;
  u64 hash = hashText(kTextHashStart, source.function);
  if (source.file[0] == 0) {
    // No debug information: the place within the function, or within the module.
    hash = hashText(hash, baseName(at.module));
    return hashNumber(hash, at.function_offset != 0 ? at.function_offset : at.module_offset);
  }
  hash = hashText(hash, baseName(source.file));
  // An inlined function of another file has no start of its own to count from.
  const char* outermost_file = at.frames[at.count - 1].file;
  const bool counts_from_function = at.function_line != 0 && textEqual(source.file, outermost_file);
  return hashNumber(hash, source.line - (counts_from_function ? at.function_line : 0));
}

u64 hashStack(const StackView& view, const SymbolSource& symbols) {
  if (view.lost) return kTextHashStart;
  const NamedStack stack(view, symbols);
  u64 seen[kMaxFrames];
  u32 count = 0;
  u64 hash = kTextHashStart;
  for (const NamedFrame& frame : stack) {
    const u64 place = hashFrame(frame);
    bool is_new = true;
    for (u32 i = 0; i < count; ++i) is_new = is_new && seen[i] != place;
    if (!is_new) continue;
    if (count == kMaxFrames) break;
    seen[count++] = place;
    hash = hashNumber(hash, place);
  }
  return hash;
}

u64 hashAccess(const AccessView& access) {
  return hashNumber(hashNumber(kTextHashStart, static_cast<u64>(access.kind)), access.size);
}

/// Order-independent, and different for (x, x) and (y, y).
u64 combine(u64 a, u64 b) {
  const u64 hash = hashNumber(hashNumber(kTextHashStart, min(a, b)), max(a, b));
  return hash != 0 ? hash : 1;
}

u64 withVariable(u64 hash, u64 variable) {
  hash = hashNumber(hash, variable);
  return hash != 0 ? hash : 1;
}

u64 hashRawStack(u64 hash, const StackView& view) {
  return hashBytes(hash, view.pcs, view.count * sizeof(uptr));
}

}  // namespace

u64 raceFingerprint(const RaceReport& race, const SymbolSource& symbols) {
  const u64 current = hashStack(race.current.stack, symbols);
  const u64 previous = hashStack(race.previous.stack, symbols);
  const SymbolizedGlobal global = symbols.global(race.current.address);
  return withVariable(combine(hashNumber(current, hashAccess(race.current)),
                              hashNumber(previous, hashAccess(race.previous))),
                      global.name != nullptr ? hashText(kTextHashStart, global.name) : 0);
}

u64 stackFingerprint(const StackView& stack, const SymbolSource& symbols) {
  return hashStack(stack, symbols);
}

u64 racePlaceFingerprint(const RaceReport& race, const SymbolSource& symbols) {
  return combine(hashStack(race.current.stack, symbols), hashStack(race.previous.stack, symbols));
}

u64 raceIdentity(const RaceReport& race, const SymbolSource& symbols) {
  return withVariable(combine(hashRawStack(hashAccess(race.current), race.current.stack),
                              hashRawStack(hashAccess(race.previous), race.previous.stack)),
                      symbols.global(race.current.address).start);
}

}  // namespace hindsight
