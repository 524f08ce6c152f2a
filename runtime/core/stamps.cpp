#include "core/stamps.h"

#include "base/arena.h"
#include "base/spin_lock.h"

namespace hindsight {

Chunk chunks[kChunks];
u32 chunk_limit = kChunks;

namespace {

constinit SpinLock chunk_lock;
constinit u32 next_chunk = 1;  // chunk 0 holds the empty and the spilled cell
constinit u32 chunks_in_use = 1;

void dropTable(Chunk& chunk) {
  if (chunk.sparse != nullptr) arenaFree(chunk.sparse, chunk.base * sizeof(Epoch));
  chunk.sparse = nullptr;
}

}  // namespace

u32 takeChunk(Slot slot, Epoch first) {
  SpinLockGuard guard(chunk_lock);
  if (chunks_in_use >= chunk_limit) return 0;
  while (chunks[next_chunk].in_use) next_chunk = next_chunk + 1 < kChunks ? next_chunk + 1 : 1;
  chunks[next_chunk] = {first, slot, true, nullptr};
  ++chunks_in_use;
  return next_chunk;
}

void makeSparse(u32 index, Epoch* table, u32 count) {
  dropTable(chunks[index]);
  chunks[index].base = count;
  chunks[index].sparse = table;
}

void freeChunk(u32 index) {
  SpinLockGuard guard(chunk_lock);
  dropTable(chunks[index]);
  chunks[index].in_use = false;
  --chunks_in_use;
}

u32 freeChunkCount() {
  const u32 in_use = __atomic_load_n(&chunks_in_use, __ATOMIC_RELAXED);
  return in_use < chunk_limit ? chunk_limit - in_use : 0;
}

}  // namespace hindsight
