// sync_object_test.cpp - where the sync objects of a line are kept, and what a thread does not know of a clock.
#include <gtest/gtest.h>

#include "core/line.h"
#include "core/shadow_map.h"
#include "core/vector_clock.h"
#include "threads/runtime_scope.h"

namespace hindsight {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  mapShadow(argv, environment);
}

TEST(SyncObject, TheFirstOfALineIsTheRecordsOwn) {
  RuntimeScope scope;
  alignas(64) static char memory[64];
  const uptr address = reinterpret_cast<uptr>(memory);
  LineLock lock(address);
  LineRecord& record = lock.needRecord();
  SyncObject* const own = ownSyncObject(&record);
  EXPECT_EQ(&needSyncObject(record, address), own);
  SyncObject* const other = &needSyncObject(record, address + 8);
  EXPECT_NE(other, own);
  EXPECT_EQ(findSyncObject(&record, address), own);
  EXPECT_EQ(findSyncObject(&record, address + 8), other);
  resetLineRecord(record, address, lineBytes(address, 8));
  EXPECT_EQ(findSyncObject(&record, address), nullptr);
  EXPECT_EQ(findSyncObject(&record, address + 8), other);
  EXPECT_EQ(&needSyncObject(record, address + 16), own) << "its place is free again";
  resetLineRecord(record, address, ~0ull);
  EXPECT_EQ(record.syncs, nullptr);
  lock.trim();
}

/// A thread's clock that only the test advances.
struct Clock : ThreadClock {
  Clock(Slot slot, Epoch epoch) : ThreadClock{} { initThreadClock(*this, slot, epoch); }
  ~Clock() { destroyThreadClock(*this); }
};

TEST(SyncObject, WhatIsNotKnownOfItsClockIsTheLastRelease) {
  RuntimeScope scope;
  for (const Slot second : {Slot{2}, Slot{40}}) {  // by value, and as a snapshot
    Clock looking(0, 5), first(1, 7), last(second, 9);
    SyncClock clock = kEmptySyncClock;
    EXPECT_EQ(unknownOf(looking, clock).timelines, 0u);
    merge(clock, first);
    joinInto(last, clock);
    merge(clock, last);
    const UnknownPast ordered = unknownOf(looking, clock);
    EXPECT_EQ(ordered.timelines, 1u) << "who knew all the others";
    EXPECT_EQ(ordered.one.slot, second);
    EXPECT_EQ(ordered.one.epoch, 9u);
    joinInto(looking, clock);
    EXPECT_EQ(unknownOf(looking, clock).timelines, 0u);
    dispose(clock);
  }
}

TEST(SyncObject, ReleasesWithoutOrderAreEachUnknown) {
  RuntimeScope scope;
  for (const Slot second : {Slot{2}, Slot{40}}) {
    Clock looking(0, 5), first(1, 7), last(second, 9);
    SyncClock clock = kEmptySyncClock;
    merge(clock, first);
    merge(clock, last);
    EXPECT_EQ(unknownOf(looking, clock).timelines, 2u);
    joinInto(looking, static_cast<const ThreadClock&>(last));
    const UnknownPast left = unknownOf(looking, clock);
    EXPECT_EQ(left.timelines, 1u);
    EXPECT_EQ(left.one.slot, Slot{1});
    EXPECT_EQ(left.one.epoch, 7u);
    dispose(clock);
  }
}

}  // namespace
}  // namespace hindsight
