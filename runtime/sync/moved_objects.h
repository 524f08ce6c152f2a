// moved_objects.h - sync objects of memory that moves: a garbage collector compacts its heap.
//
// Clocks, and the locks that threads hold, go with the memory. What is known of where a lock was
// created, and in which order it was taken, is forgotten.
//
// Thread safety: nobody may use the objects meanwhile. Allocation: arena.
#pragma once

#include "base/types.h"

namespace hindsight {

struct MovedObject;

/// Takes the sync objects out of [from, from + bytes). The caller gives the list to putSyncObjects.
MovedObject* takeSyncObjects(uptr from, size_t bytes);
/// They are back, `distance` bytes further up.
void putSyncObjects(MovedObject* objects, sptr distance);
/// Whoever holds locks in [from, from + bytes) holds those `distance` bytes further up instead.
void moveHeldLocks(uptr from, size_t bytes, sptr distance);

}  // namespace hindsight
