#include "entry/long_range.h"

#include "core/tiny_memory.h"
#include "entry/block_lock.h"
#include "entry/quick_few.h"
#include "entry/range_simd.h"

namespace hindsight {
namespace {

/// The rule for blocks of lines whose words are all alike, for one thread within one epoch. What is
/// not uniform, races, or needs a look at other read groups or at records is left to the general
/// rule, with nothing changed.
class UniformBlocks {
 public:
  UniformBlocks(const Thread& thread, bool writes)
      : thread_(thread), own_(currentCell(thread)), writes_(writes) {}

  /// Asks for what update will touch: behind the lock of the block before, no load begins early.
  void prefetch(uptr block) const {
    const auto* read = reinterpret_cast<const char*>(readCell(block, thread_.read_group));
    const auto* write = reinterpret_cast<const char*>(writeCell(block));
    prefetchForWrite(lineWord(block));
    for (size_t at = 0; at < BlockLock::kBytes; at += kLineSize) {
      prefetchForWrite(read + at);
      if (writes_)
        prefetchForWrite(write + at);
      else
        prefetchForRead(write + at);
    }
  }

  bool isRecorded(uptr block) const {
    const Cell* const cells = writes_ ? writeCell(block) : readCell(block, thread_.read_group);
    return *cells == own_ && cellsEqual(cells, kCells, own_);
  }

  /// Records the access to the whole block. False: nothing was done.
  bool update(uptr block) {
    Cell* const read = readCell(block, thread_.read_group);
    Cell* const write = writeCell(block);
    BlockLock lock(block);
    if (!lock.holds() || lock.leftBehind()) return false;
    const Cell old_read = *read, old_write = *write;
    if (old_write == kSpilledCell || !cellsEqual(write, kCells, old_write) ||
        !cellsEqual(read, kCells, old_read))
      return false;
    if (old_read != read_ || old_write != write_) {
      verdict_ = judgeWord(old_read, old_write, own_, writes_, thread_.clock);
      read_ = old_read;
      write_ = old_write;
    }
    if (verdict_.spill || verdict_.races()) return false;
    if (writes_) {
      if ((lock.groups() & ~(1u << thread_.read_group)) != 0) return false;
      fillCells(write, kCells, verdict_.write);
    }
    if (verdict_.read != old_read) fillCells(read, kCells, verdict_.read);
    lock.addGroup(thread_.read_group);
    return true;
  }

 private:
  static constexpr size_t kCells = BlockLock::kBytes / kWordSize;
  const Thread& thread_;
  const Cell own_;
  const bool writes_;
  Cell read_ = kSpilledCell;  // no read cell ever is
  Cell write_ = kSpilledCell;
  WordVerdict verdict_{};
};

}  // namespace

void checkLongRange(Thread& thread, uptr address, size_t bytes, bool writes,
                    const AccessSite& site) {
  constexpr size_t kBlock = BlockLock::kBytes;
  constexpr size_t kAhead = 3;  // blocks
  if (bytes - 1 < kFewBytes && site.event == EventType::Access &&
      (writes ? quickFew<true>(thread, site.top, address, bytes, site.pc)
              : quickFew<false>(thread, site.top, address, bytes, site.pc)))
    return;
  if (bytes < kBlock || thread.ignore_reads_writes != 0 || !isApplication(address, bytes)) {
    if (findStandIn(address)) return checkLongRange(thread, address, bytes, writes, site);
    return checkAccess(thread, address, bytes, writes, site);
  }
  RangeAccess range{thread, address, bytes, writes, site};
  UniformBlocks blocks(thread, writes);
  uptr done = address;  // up to here
  for (uptr block = roundUp(address, kBlock); block + kBlock <= address + bytes; block += kBlock) {
    if (!blocks.isRecorded(block)) {
      range.log();
      if (block + (kAhead + 1) * kBlock <= address + bytes)
        blocks.prefetch(block + kAhead * kBlock);
      if (!blocks.update(block)) continue;
    }
    range.check(done, block);
    done = block + kBlock;
  }
  range.check(done, address + bytes);
}

}  // namespace hindsight
