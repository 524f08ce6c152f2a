// sync_object_test.cpp - where the sync objects of a line are kept.
#include <gtest/gtest.h>

#include "core/line.h"
#include "core/shadow_map.h"
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

}  // namespace
}  // namespace hindsight
