// event_words.h - the words of history events (history.h draws them), for those who write and read.
//
// Thread safety: pure functions.
#pragma once

#include "history/history.h"

namespace hindsight {

constexpr uptr kAddressMask = (1ull << 48) - 1;

constexpr u64 makeWord(EventType type, u64 value) {
  return value << kEventTypeBits | static_cast<u64>(type);
}
constexpr EventType typeOf(u64 word) { return static_cast<EventType>(word & 0xf); }
constexpr u64 valueOf(u64 word) { return word >> kEventTypeBits; }

constexpr bool isAccess(EventType type) {
  return type == EventType::Access || type == EventType::Free || type == EventType::Group ||
         type == EventType::Run;
}

/// One event of an access, unpacked.
struct AccessEvent {
  EventType type;
  Kind kind;
  u32 length;  // in words of the log
  uptr address;
  size_t bytes;    // of a run: of one of its accesses
  u32 count;       // accesses of a run, else 1
  sptr stride;     // between the accesses of a run, in bytes
  uptr pc;         // with kVolatileSite
  u64 components;  // of a group
};

constexpr u64 runWord(u32 count, sptr stride) {
  return static_cast<u64>(count) << 32 | static_cast<u32>(stride);
}

HINDSIGHT_ALWAYS_INLINE AccessEvent unpackAccess(const u64* word) {
  AccessEvent event{typeOf(word[0]),
                    static_cast<Kind>(word[1] >> 60),
                    2,
                    valueOf(word[0]) & kAddressMask,
                    word[0] >> (kEventTypeBits + 48),
                    1,
                    0,
                    word[1] & kSitePcMask,
                    0};
  if (event.type == EventType::Group) {
    event.bytes *= kWordSize;
    event.components = word[2];
    event.length = 4;
  } else if (event.type == EventType::Run) {
    event.count = static_cast<u32>(word[2] >> 32);
    event.stride = static_cast<int>(static_cast<u32>(word[2]));
    event.length = 3;
  } else if (event.bytes == 0) {
    event.bytes = word[2];
    event.length = 3;
  }
  return event;
}

/// Words that the event at `word` takes.
HINDSIGHT_ALWAYS_INLINE u32 lengthOf(const u64* word) {
  switch (typeOf(word[0])) {
    case EventType::Access:
    case EventType::Free: return word[0] >> (kEventTypeBits + 48) != 0 ? 2 : 3;
    case EventType::Group: return 4;
    case EventType::Run: return 3;
    case EventType::Lock: return 2;
    default: return 1;
  }
}

}  // namespace hindsight
