// memory_names.h - names that the program gave to stretches of its memory (hindsight/annotate.h).
//
// A table hashed by the first address; a report looks for the name that covers its address by
// walking all of it, which happens once per report. A name lives until the same start is named
// again, handed out afresh or freed.
//
// Thread safety: any thread, inside a RuntimeScope. Allocation: from the arena, one entry per name.
#pragma once

#include "base/types.h"

namespace hindsight {

inline constexpr size_t kMemoryNameBytes = 64;  // with the terminator; longer names are cut

/// Names there are; a quick look for those who forget memory.
extern u32 memory_names;

/// What the calling thread's access is to, if a library describes its accesses; null at other
/// times.
extern constinit
    __attribute__((tls_model("initial-exec"))) thread_local const char* described_object;

/// [start, start + bytes) is called `name` from now on. An empty name takes it back.
void nameMemory(uptr start, size_t bytes, const char* name);
/// Forgets the name given to the stretch that begins at `start`, if any. Cheap.
void forgetMemoryName(uptr start);
/// Copies the name of the stretch that holds `address` to `name`. False if it has none.
bool findMemoryName(uptr address, char (&name)[kMemoryNameBytes]);

}  // namespace hindsight
