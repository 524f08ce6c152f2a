#include "sync/moved_objects.h"

#include "base/arena.h"
#include "core/line.h"
#include "threads/thread.h"

namespace hindsight {

struct MovedObject {
  MovedObject* next;
  uptr address;
  u32 clock_kind;  // 0 or kReadersClock
  u32 stack;
  bool is_atomic;
  SyncClock clock;
};

namespace {

void takeOut(SyncObject* object, uptr line, MovedObject*& list) {
  const uptr address = line + object->offset % kLineSize;
  if (object->is_watched && watched_object_gone != nullptr) watched_object_gone(address);
  auto* moved = arenaNew<MovedObject>();
  *moved = {list,          address,           object->offset & kReadersClock,
            object->stack, object->is_atomic, object->clock};
  list = moved;
  object->clock = kEmptySyncClock;
  disposeSyncObject(object);
}

void takeOfLine(uptr line, uptr begin, uptr end, MovedObject*& list) {
  LineLock lock(line);
  LineRecord* const record = lock.record();
  if (record == nullptr) return;
  for (SyncObject** link = &record->syncs; *link != nullptr;) {
    SyncObject* const object = *link;
    const uptr address = line + object->offset % kLineSize;
    if (address < begin || address >= end) {
      link = &object->next;
      continue;
    }
    *link = object->next;
    bumpVersion(*record);
    takeOut(object, line, list);
  }
  lock.trim();
}

struct Range {
  uptr begin;
  size_t bytes;
  sptr distance;

  void move(uptr& address) const {
    if (address - begin < bytes) address += static_cast<uptr>(distance);
  }
};

}  // namespace

MovedObject* takeSyncObjects(uptr from, size_t bytes) {
  MovedObject* list = nullptr;
  const uptr end = from + bytes;
  for (uptr line = roundDown(from, kLineSize); line < end;) {
    if (*lineFlag(line) == 0) {
      line = roundDown(line, kLineFlagSpan) + kLineFlagSpan;
      continue;
    }
    if (peekRecord(line) != nullptr) takeOfLine(line, from, end, list);
    line += kLineSize;
  }
  return list;
}

void putSyncObjects(MovedObject* objects, sptr distance) {
  while (objects != nullptr) {
    MovedObject* const moved = objects;
    objects = moved->next;
    const uptr address = moved->address + static_cast<uptr>(distance);
    {
      LineLock lock(address);
      LineRecord& record = lock.needRecord();
      SyncObject& object = addSyncObject(record, address, moved->clock_kind);
      object.stack = moved->stack;
      object.is_atomic = moved->is_atomic;
      object.clock = moved->clock;
      if (moved->is_atomic) noteStored(record, address);
      bumpVersion(record);
    }
    arenaFree(moved, sizeof *moved);
  }
}

void moveHeldLocks(uptr from, size_t bytes, sptr distance) {
  Range range{from, bytes, distance};
  lockRegistry();
  forEachThread(
      [](Thread& thread, void* argument) {
        const Range& moved = *static_cast<Range*>(argument);
        for (u32 i = 0; i < thread.history.lock_count; ++i)
          moved.move(thread.history.locks[i].address);
        for (u32 i = 0; i < thread.unlisted.count; ++i)
          moved.move(thread.unlisted.locks[i].address);
        locksChanged(thread.history);
      },
      &range);
  unlockRegistry();
}

}  // namespace hindsight
