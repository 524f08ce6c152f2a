#include "threads/recycle.h"

#include <sys/mman.h>

#include "base/arena.h"
#include "base/text_writer.h"
#include "core/address_map.h"
#include "core/line.h"
#include "core/stamps.h"
#include "platform/mappings.h"
#include "platform/syscalls.h"
#include "platform/touched_pages.h"
#include "threads/runtime_scope.h"
#include "threads/thread.h"
#include "threads/timelines.h"

namespace hindsight {
namespace {

constexpr u32 kWordBits = 64;
constexpr u32 kWordsPerChunk = kEpochsPerChunk / kWordBits;

constexpr u32 chunkOf(Stamp stamp) { return static_cast<u32>(stamp) >> kChunkBits; }
constexpr u32 indexOf(Stamp stamp) { return static_cast<u32>(stamp) & (kEpochsPerChunk - 1); }
u32 popCount(u64 bits) { return static_cast<u32>(__builtin_popcountll(bits)); }

/// Where the live stamps of one recyclable chunk go. They follow those of the slot's earlier
/// chunks.
struct Move {
  u32 group;  // index in Workspace::order of the slot's first chunk
  u32 start;  // live epochs in the slot's earlier chunks
  u32 count;
};

/// Everything a recycling needs, some 40 MiB of address space, touched as far as chunks are in use.
struct Workspace {
  TouchedPages pages;
  Epoch seen_by_all[kMaxSlots];
  bool recyclable[kChunks];
  bool recorded[kMaxSlots];  // whether there is anything that may race
  u32 chunk_count;
  u64 order[kChunks];  // recyclable chunks by slot, then by epoch; see orderKey
  Move moves[kChunks];
  Epoch* tables[kChunks];
  u64 live[kChunks][kWordsPerChunk];    // bit i: stamp i is recorded somewhere and may race
  u16 before[kChunks][kWordsPerChunk];  // live stamps of the chunk in earlier words
};

constinit Workspace* work = nullptr;  // while the world is stopped
constinit u32 recycle_count = 0;

Epoch epochIn(const Chunk& chunk, u32 index) {
  return chunk.sparse != nullptr ? chunk.sparse[index] : chunk.base + index;
}

// --- The two passes' rules: what becomes of a stamp ---------------------------------------------

/// Pass 1: 0 if nobody can race with it any more.
struct Survey {
  static Stamp renumber(Stamp stamp) {
    const u32 chunk = chunkOf(stamp), index = indexOf(stamp);
    if (!work->recyclable[chunk]) return stamp;
    if (epochIn(chunks[chunk], index) <= work->seen_by_all[chunks[chunk].slot]) return Stamp{};
    work->live[chunk][index / kWordBits] |= 1ull << (index % kWordBits);
    return stamp;
  }
};

/// Pass 2: the new stamp of the same epoch.
struct Renumber {
  static Stamp renumber(Stamp stamp) {
    const u32 chunk = chunkOf(stamp), index = indexOf(stamp);
    if (!work->recyclable[chunk]) return stamp;
    const u64 word = work->live[chunk][index / kWordBits];
    const u64 bit = 1ull << (index % kWordBits);
    HINDSIGHT_CHECK((word & bit) != 0 && "pass 1 has seen every stamp");
    const Move& move = work->moves[chunk];
    const u32 place =
        move.start + work->before[chunk][index / kWordBits] + popCount(word & (bit - 1));
    const u32 new_chunk =
        static_cast<u32>(work->order[move.group + (place >> kChunkBits)]) & (kChunks - 1);
    return static_cast<Stamp>(new_chunk << kChunkBits | (place & (kEpochsPerChunk - 1)));
  }
};

// --- The walk ------------------------------------------------------------------------------------

/// A read cell that is the mark of a write (race_rule.h) has that write's stamp, so it goes or is
/// renumbered with it: the images can be walked one after the other.
template <class Rule>
void walkCells(Cell* cell, const Cell* end) {
  Stamp last{}, last_new{};  // neighbours mostly have the same stamp
  for (; cell < end; cell += 2) {
    u64 both;
    __builtin_memcpy(&both, cell, sizeof(both));
    if (both == 0) continue;
    for (u32 i = 0; i < 2; ++i) {
      if (maskOf(cell[i]) == 0) continue;  // empty or spilled
      const Stamp stamp = stampOf(cell[i]);
      if (stamp != last) {
        last = stamp;
        last_new = Rule::renumber(stamp);
      }
      if (last_new == Stamp{})
        cell[i] = kEmptyCell;
      else if (last_new != stamp)
        cell[i] = makeCell(last_new, maskOf(cell[i]));
    }
  }
}

/// In place of a rule: pages in which no cell is left go back to the system.
struct GiveBack {};

bool isEmptyPage(uptr page) {
  u64 any = 0;
  for (const auto *at = reinterpret_cast<const u64*>(page), *end = at + kPageSize / sizeof(u64);
       at < end; ++at)
    any |= *at;
  return any == 0;
}

/// The run is whole pages.
template <>
void walkCells<GiveBack>(Cell* cell, const Cell* end) {
  const auto last = reinterpret_cast<uptr>(end);
  for (uptr page = reinterpret_cast<uptr>(cell); page < last;) {
    uptr next = page;
    while (next < last && isEmptyPage(next)) next += kPageSize;
    if (next != page) sysMadvise(reinterpret_cast<void*>(page), next - page, MADV_DONTNEED);
    page = next + kPageSize;
  }
}

/// The read images, then the write image.
constexpr u32 kImages = kReadGroups + 1;
Cell* imageCell(uptr address, u32 image) {
  return image < kReadGroups ? readCell(address, image) : writeCell(address);
}

[[noreturn]] void giveUp(const char* what, const char* cure) {
  TextWriter message;
  message.text("hindsight: ").text(what).text("\nhindsight: ").text(cure).text("\n");
  sysWrite(2, message.data(), message.size());
  constexpr int kAbort = 6, kAbortStatus = 134;
  sysTgkill(static_cast<int>(sysGetpid()), static_cast<int>(sysGettid()), kAbort);
  sysExitGroup(kAbortStatus);
}

template <class Visit>
void forEachTouchedRun(uptr begin, uptr end, Visit visit) {
  if (!work->pages.forEachRun(begin, end, visit))
    giveUp("the shadow in use cannot be found, so no stamp can be used again",
           "mount /proc (/proc/self/pagemap), or switch swapping off");
}

/// The cells of mapped memory [begin, end). An image's pages do not begin where the program's do:
/// those at the edges are walked whole, which no neighbour does, as the gap between them is larger.
template <class Rule>
void walkMapped(uptr begin, uptr end) {
  if (begin >= end) return;
  for (u32 image = 0; image < kImages; ++image)
    forEachTouchedRun(
        roundDown(reinterpret_cast<uptr>(imageCell(begin, image)), kPageSize),
        roundUp(reinterpret_cast<uptr>(imageCell(end - 1, image)) + sizeof(Cell), kPageSize),
        [](uptr run_begin, uptr run_end) {
          walkCells<Rule>(reinterpret_cast<Cell*>(run_begin),
                          reinterpret_cast<const Cell*>(run_end));
        });
}

/// Calls `visit` with the 64 KiB spans of `range` in which lines have records, or had some.
template <class Visit>
void forEachFlaggedSpan(const AddressRange& range, Visit visit) {
  const uptr first = reinterpret_cast<uptr>(lineFlag(range.begin));
  const uptr last = reinterpret_cast<uptr>(lineFlag(range.end - 1));
  forEachTouchedRun(roundDown(first, kPageSize), roundUp(last + 1, kPageSize),
                    [&](uptr begin, uptr end) {
                      for (uptr flag = max(begin, first); flag < min(end, last + 1); ++flag)
                        if (*reinterpret_cast<u8*>(flag) != 0)
                          visit((flag - address_layout.line_flag_base) * kLineFlagSpan);
                    });
}

/// Memory [begin, end) is not mapped: nothing that its shadow says has a meaning. Pages of the
/// images at its edges belong to walkMapped.
void dropUnmapped(uptr begin, uptr end) {
  if (begin >= end) return;
  forEachFlaggedSpan({begin, end}, [&](uptr span) {
    const uptr span_end = min(span + kLineFlagSpan, end);
    for (uptr line = max(span, begin); line < span_end; line += kLineSize) {
      if (*lineWord(line) == 0) continue;
      LineLock lock(line);
      if (LineRecord* record = lock.record()) resetLineRecord(*record, line, ~0ull);
      lock.trim();
    }
  });
  for (u32 image = 0; image < kImages; ++image) {
    const uptr first = roundUp(reinterpret_cast<uptr>(imageCell(begin, image)), kPageSize);
    const uptr last =
        roundDown(reinterpret_cast<uptr>(imageCell(end - 1, image)) + sizeof(Cell), kPageSize);
    if (first < last) sysMadvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
  }
}

template <class Rule>
void walkAllCells() {
  struct Progress {
    AddressRange range, run;  // run: adjacent mappings seen last
  };
  for (const AddressRange& range : applicationRanges()) {
    Progress progress{range, {range.begin, range.begin}};
    const bool listed = forEachMapping(
        [](uptr begin, uptr end, void* argument) {
          auto& [range, run] = *static_cast<Progress*>(argument);
          begin = max(begin, run.end);  // one that changes meanwhile may be listed twice
          end = min(end, range.end);
          if (begin >= end) return;
          if (begin > run.end) {
            walkMapped<Rule>(run.begin, run.end);
            dropUnmapped(run.end, begin);
            run.begin = begin;
          }
          run.end = end;
        },
        &progress);
    if (!listed) progress.run.end = range.end;  // what is left may all be mapped
    walkMapped<Rule>(progress.run.begin, progress.run.end);
    dropUnmapped(progress.run.end, range.end);
  }
}

/// The records of 64 KiB from `begin`. Returns whether any is left.
template <class Rule>
bool walkRecords(uptr begin) {
  bool some = false;
  for (uptr line = begin; line < begin + kLineFlagSpan; line += kLineSize) {
    if (*lineWord(line) == 0) continue;
    LineLock lock(line);
    LineRecord* record = lock.record();
    if (record == nullptr) continue;
    renumberEntries(
        *record, line, [](Stamp stamp, void*) { return Rule::renumber(stamp); }, nullptr);
    lock.trim();
    some |= lock.record() != nullptr;
  }
  return some;
}

template <class Rule>
void walkAllRecords() {
  for (const AddressRange& range : applicationRanges())
    forEachFlaggedSpan(range, [](uptr span) { *lineFlag(span) = walkRecords<Rule>(span); });
}

// --- Between the passes --------------------------------------------------------------------------

/// slot : 16 | first epoch : 32 | chunk : 14. Chunks of one slot do not overlap: each time, a
/// slot's sparse chunks get the epochs before those of its current chunk, in ascending order.
u64 orderKey(u32 chunk) {
  return static_cast<u64>(chunks[chunk].slot) << (32 + kChunkBits) |
         static_cast<u64>(epochIn(chunks[chunk], 0)) << kChunkBits | chunk;
}
u32 chunkAt(u32 place) { return static_cast<u32>(work->order[place]) & (kChunks - 1); }

/// Heap sort.
void sortKeys(u64* keys, u32 count) {
  const auto sink = [keys](u32 parent, u32 size) {
    for (u32 child; (child = 2 * parent + 1) < size; parent = child) {
      if (child + 1 < size && keys[child + 1] > keys[child]) ++child;
      if (keys[parent] >= keys[child]) return;
      const u64 key = keys[parent];
      keys[parent] = keys[child];
      keys[child] = key;
    }
  };
  for (u32 i = count / 2; i-- > 0;) sink(i, count);
  for (u32 end = count; end-- > 1;) {
    const u64 largest = keys[0];
    keys[0] = keys[end];
    keys[end] = largest;
    sink(0, end);
  }
}

/// What every live thread has seen, and which chunks none of them is filling.
void lookAtThreads() {
  for (u32 chunk = 1; chunk < kChunks; ++chunk) work->recyclable[chunk] = chunks[chunk].in_use;
  for (Epoch& epoch : work->seen_by_all) epoch = ~0u;
  forEachThread(
      [](Thread& thread, void*) {
        if (thread.state != ThreadState::Created && thread.state != ThreadState::Running) return;
        work->recyclable[thread.chunk] = false;
        for (u32 slot = 0; slot < kMaxSlots; ++slot)
          work->seen_by_all[slot] = slot < thread.clock.size
                                        ? min(work->seen_by_all[slot], thread.clock.epochs[slot])
                                        : 0;
      },
      nullptr);
  for (u32 chunk = 1; chunk < kChunks; ++chunk)
    if (work->recyclable[chunk]) work->order[work->chunk_count++] = orderKey(chunk);
  sortKeys(work->order, work->chunk_count);
}

/// Fills `before` and `moves`. Returns how many stamps live on.
u64 countLive() {
  u64 all = 0;
  for (u32 i = 0; i < work->chunk_count; ++i) {
    const u32 chunk = chunkAt(i);
    Move& move = work->moves[chunk];
    const u32 previous = i == 0 ? 0 : chunkAt(i - 1);
    const bool same_slot = i != 0 && chunks[previous].slot == chunks[chunk].slot;
    move.group = same_slot ? work->moves[previous].group : i;
    move.start = same_slot ? work->moves[previous].start + work->moves[previous].count : 0;
    for (u32 w = 0; w < kWordsPerChunk; ++w) {
      work->before[chunk][w] = static_cast<u16>(move.count);
      move.count += popCount(work->live[chunk][w]);
    }
    if (move.count != 0) work->recorded[chunks[chunk].slot] = true;
    all += move.count;
  }
  return all;
}

/// Collects the live epochs of the slot whose chunks are order[first, last) in tables. Returns how
/// many tables that takes.
u32 fillTables(u32 first, u32 last) {
  const Move& end = work->moves[chunkAt(last - 1)];
  const u32 all = end.start + end.count;
  const u32 table_count = (all + kEpochsPerChunk - 1) / kEpochsPerChunk;
  for (u32 t = 0; t < table_count; ++t)
    work->tables[t] = static_cast<Epoch*>(
        arenaAllocate(min(kEpochsPerChunk, all - t * kEpochsPerChunk) * sizeof(Epoch)));
  u32 place = 0;
  for (u32 i = first; i < last; ++i) {
    const u32 chunk = chunkAt(i);
    for (u32 w = 0; w < kWordsPerChunk; ++w)
      for (u64 bits = work->live[chunk][w]; bits != 0; bits &= bits - 1, ++place)
        work->tables[place >> kChunkBits][place & (kEpochsPerChunk - 1)] =
            epochIn(chunks[chunk], w * kWordBits + static_cast<u32>(__builtin_ctzll(bits)));
  }
  return table_count;
}

/// Gives the slot's first chunks the tables and frees the others. Old stamps mean nothing from now
/// on; `live` and `moves` still tell where they went.
void repackSlot(u32 first, u32 last) {
  const Move& end = work->moves[chunkAt(last - 1)];
  const u32 all = end.start + end.count;
  const u32 table_count = fillTables(first, last);
  for (u32 i = first; i < last; ++i) {
    const u32 t = i - first;
    if (t < table_count)
      makeSparse(chunkAt(i), work->tables[t], min(kEpochsPerChunk, all - t * kEpochsPerChunk));
    else
      freeChunk(chunkAt(i));
  }
}

void repack() {
  for (u32 first = 0, last; first < work->chunk_count; first = last) {
    last = first + 1;
    while (last < work->chunk_count &&
           work->moves[chunkAt(last)].group == work->moves[chunkAt(first)].group)
      ++last;
    repackSlot(first, last);
  }
}

void recycleStoppedWorld(bool gives_back) {
  work = static_cast<Workspace*>(reservePages(sizeof(Workspace)));
  work->pages.open();
  lookAtThreads();
  walkAllCells<Survey>();
  walkAllRecords<Survey>();
  const u64 live = countLive();
  repack();
  restartTimelines(work->recyclable, work->recorded);
  if (live != 0) {
    walkAllCells<Renumber>();
    walkAllRecords<Renumber>();
  }
  if (gives_back) walkAllCells<GiveBack>();
  work->pages.close();
  unmapPages(work, sizeof(Workspace));
  work = nullptr;
  ++recycle_count;
}

}  // namespace

void recycleStamps(bool even_if_free, bool gives_back) {
  stopWorld(Stop::Recycle);
  if (even_if_free || freeChunkCount() == 0) recycleStoppedWorld(gives_back);
  if (freeChunkCount() == 0)
    giveUp(
        "no stamp can be used again: all stand for accesses that could still race (2^28), or "
        "there are too many threads",
        "the option stamp_chunks limits their number; 16384, its default, is as high as it goes");
  resumeWorld();
}

u32 recycleCount() { return recycle_count; }

}  // namespace hindsight
