// generator_memory.cpp - accesses of every kind, and the heap.
#include <algorithm>
#include <utility>

#include "model/soak/actions.h"
#include "model/soak/generator.h"

namespace soak {
namespace {

using namespace hindsight_model;  // NOLINT: orders

constexpr bool isScalar(int bytes) {
  return bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8 || bytes == 16;
}

}  // namespace

Event Generator::on(What what, const ThreadState& thread, int offset, int bytes) const {
  Event event{what, thread.id};
  event.offset = offset;
  event.bytes = bytes;
  return event;
}

int Generator::newBlock(int bytes, int owner, int how) {
  const int id = next_block_++;
  blocks_.push_back({id, next_offset_, bytes, owner, how});
  next_offset_ += (bytes + 79) / 16 * 16;
  return id;
}

void Generator::access(ThreadState& thread) {
  if (chance(10) && !thread.fenced) return mixed(thread);
  if (chance(20) && accessBlock(thread)) return;
  accessArena(thread);
}

/// A block of the heap or of a stack, mostly one's own.
bool Generator::accessBlock(ThreadState& thread) {
  if (blocks_.empty()) return false;
  const Block& block = blocks_[static_cast<std::size_t>(below(static_cast<int>(blocks_.size())))];
  const ThreadState& owner = threads_[static_cast<std::size_t>(block.owner)];
  if (owner.block == block.id && owner.state == State::Created) return false;  // no stack yet
  if (block.owner != thread.id && !chance(stray_percent_)) return false;
  Step step{chance(50) ? Op::Read : Op::Write, thread.id};
  step.bytes = std::min(1 << below(5), block.bytes);
  step.place = {block.id, block.offset + below(block.bytes - step.bytes + 1)};
  step.variant = below(3);
  if (chance(10)) {  // all of it
    step.bytes = block.bytes;
    step.place.offset = block.offset;
    step.variant = 1 + below(2);
  }
  if (!isScalar(step.bytes) && step.variant == 0) step.variant = 1;
  step.events = {
      on(step.op == Op::Read ? What::Read : What::Write, thread, step.place.offset, step.bytes)};
  emit(std::move(step));
  return true;
}

void Generator::accessArena(ThreadState& thread) {
  Step step{chance(50) ? Op::Read : Op::Write, thread.id};
  int region = below(kRegions);
  if (!thread.held.empty() && !chance(stray_percent_)) {
    const int lock =
        thread.held[static_cast<std::size_t>(below(static_cast<int>(thread.held.size())))];
    if (lock < kRegions) {
      region = lock;
      // Under a read lock one reads.
      if (locks_[lock].readers.count(thread.id) != 0 && !chance(stray_percent_)) step.op = Op::Read;
    }
  } else if (!chance(stray_percent_)) {
    step.op = Op::Read;
  }
  int offset;
  if (chance(byte_percent_)) {
    step.bytes = chance(90) ? 1 << below(5) : 1 + below(64);
    offset = region * kRegionBytes + below(kRegionBytes - step.bytes + 1);
    if (chance(50) && step.bytes <= 16) offset -= offset % step.bytes;
  } else {
    step.bytes = 4 << (chance(80) ? below(2) : below(5));
    offset = region * kRegionBytes + below((kRegionBytes - step.bytes) / 4 + 1) * 4;
  }
  if (chance(1)) {  // across regions and lines
    step.bytes = 1 + below(64);
    offset = below(kMemoryBytes - step.bytes + 1);
  }
  if (chance(long_percent_)) {  // most of the memory
    step.bytes = kMemoryBytes - (chance(50) ? 0 : 4 * below(kMemoryBytes / 16));
    offset = chance(50) ? 0 : kMemoryBytes - step.bytes;
  }
  step.place.offset = offset;
  step.variant = below(3);
  if (!isScalar(step.bytes) && step.variant == 0) step.variant = 1;
  // One known gap of the detector: plain writes around a relaxed store after a release fence.
  if (thread.fenced && step.op == Op::Write) step.op = Op::Read;
  if (step.op == Op::Write && chance(25) && isScalar(step.bytes) && step.bytes <= 8) {
    step.op = Op::Increment;
    step.events = {on(What::Read, thread, offset, step.bytes),
                   on(What::Write, thread, offset, step.bytes)};
  } else if (step.op == Op::Write && chance(15) && step.bytes <= kStackBytes) {
    // From the thread's own buffer, which others may be at, too.
    step.op = Op::Copy;
    for (const Block& block : blocks_)
      if (block.id == thread.block) step.source = {block.id, block.offset};
    step.events = {on(What::Read, thread, step.source.offset, step.bytes),
                   on(What::Write, thread, offset, step.bytes)};
  } else {
    step.events = {on(step.op == Op::Read ? What::Read : What::Write, thread, offset, step.bytes)};
  }
  emit(std::move(step));
}

/// Several accesses that are compiled together: what is merged, moved or left out must not show.
void Generator::mixed(ThreadState& thread) {
  Step step{Op::Mixed, thread.id};
  int region = below(kRegions);
  if (!thread.held.empty() && !chance(stray_percent_))
    region = thread.held[static_cast<std::size_t>(below(static_cast<int>(thread.held.size())))];
  if (region >= kRegions || locks_[region].owner != thread.id) {
    if (!chance(stray_percent_)) return accessArena(thread);
    region = below(kRegions);
  }
  // Its atomic lies in front, where the other atomics mostly are.
  const int at = region * kRegionBytes + 16 + 8 * below(3);
  const int x = below(6) * 64;
  step.bytes = kMixedBytes;
  step.place.offset = at;
  step.source.offset = x;
  step.variant = below(kMixedVariants);
  const auto reads = [&](int offset, int bytes) {
    step.events.push_back(on(What::Read, thread, at + offset, bytes));
  };
  const auto writes = [&](int offset, int bytes) {
    step.events.push_back(on(What::Write, thread, at + offset, bytes));
  };
  const auto synchronises = [&](What what, Order order) {
    step.events.push_back(on(what, thread, x, 8));
    step.events.back().order = order;
  };
  switch (step.variant) {
    case 0:
      reads(0, 1), writes(0, 1), reads(2, 2), reads(8, 8), writes(4, 4);
      break;
    case 1:
      reads(16, 16), reads(0, 16), writes(0, 16);
      break;
    case 2:
      reads(16, 16), writes(0, 16);
      break;
    case 3:
      for (int row = 0; row < 4; ++row) writes(row * 8, 4);
      break;
    case 4:
      writes(0, 8), synchronises(What::AtomicStore, kRelease), writes(0, 8);
      break;
    case 5:
      reads(0, 8), synchronises(What::AtomicLoad, kAcquire), reads(0, 8), writes(8, 8);
      break;
    case 6:
      writes(4, 4), synchronises(What::AtomicUpdate, kAcqRel), writes(4, 4), reads(2, 2);
      break;
    case 7:
      reads(0, 8);
      step.events.push_back(on(What::Fence, thread, 0));
      step.events.back().order = kRelease;
      synchronises(What::AtomicStore, kRelaxed), writes(0, 8);
      thread.fenced = true;
      break;
    case 8:
      for (int begin = 0; begin < kMixedBytes; begin += 7) {
        reads(begin, std::min(6, kMixedBytes - begin));
        if (begin + 6 <= kMixedBytes) synchronises(What::AtomicUpdate, kAcqRel);
      }
      break;
    default:
      writes(0, 8), writes(8, 8), reads(24, 8), writes(16, 8);
      break;
  }
  emit(std::move(step));
}

void Generator::atomic(ThreadState& thread) {
  static constexpr Op kOps[] = {Op::AtomicLoad,   Op::AtomicLoad,   Op::AtomicStore,
                                Op::AtomicUpdate, Op::CompareFails, Op::CompareSucceeds};
  static constexpr What kWhat[] = {What::AtomicLoad, What::AtomicStore, What::AtomicUpdate,
                                   What::CompareFails, What::CompareSucceeds};
  static constexpr Order kLoads[] = {kRelaxed, kConsume, kAcquire, kSeqCst};
  static constexpr Order kStores[] = {kRelaxed, kRelease, kSeqCst};
  static constexpr int kOrders[] = {kRelaxed, kConsume, kAcquire, kRelease, kAcqRel, kSeqCst};
  Step step{oneOf(kOps), thread.id};
  step.bytes = 1 << below(5);
  // Few addresses, so that threads meet; a few of them are also accessed plainly.
  step.place.offset = below(6) * 64 + (chance(70) ? 0 : below(32 / step.bytes) * step.bytes);
  if (step.op == Op::AtomicLoad)
    step.order = oneOf(kLoads);
  else if (step.op == Op::AtomicStore)
    step.order = oneOf(kStores);
  else
    step.order = oneOf(kOrders);
  step.failure_order = oneOf(kLoads);
  step.variant = below(4);
  Event event = on(kWhat[static_cast<int>(step.op) - static_cast<int>(Op::AtomicLoad)], thread,
                   step.place.offset, step.bytes);
  event.order = step.order;
  event.failure_order = step.failure_order;
  step.events = {event};
  emit(std::move(step));
}

void Generator::fence(ThreadState& thread) {
  static constexpr Order kFences[] = {kAcquire, kRelease, kAcqRel, kSeqCst};
  Step step{Op::Fence, thread.id};
  step.order = oneOf(kFences);
  step.events = {on(What::Fence, thread, 0)};
  step.events[0].order = step.order;
  if (releases(step.order)) thread.fenced = true;
  emit(std::move(step));
}

void Generator::heap(ThreadState& thread) {
  std::vector<std::size_t> heap_blocks;
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const bool is_stack =
        std::any_of(threads_.begin(), threads_.end(),
                    [&](const ThreadState& each) { return each.block == blocks_[i].id; });
    if (!is_stack && (blocks_[i].owner == thread.id || chance(stray_percent_)))
      heap_blocks.push_back(i);
  }
  if (heap_blocks.empty() || (heap_blocks.size() < 4 && chance(60))) return allocate(thread);
  const std::size_t which =
      heap_blocks[static_cast<std::size_t>(below(static_cast<int>(heap_blocks.size())))];
  if (chance(40)) return resize(thread, blocks_[which]);
  if (chance(40)) {  // handed on, with or without order
    blocks_[which].owner = below(static_cast<int>(threads_.size()));
    return;
  }
  release(thread, which);
}

void Generator::allocate(ThreadState& thread) {
  if (next_block_ >= kMaxBlocks - kMaxThreads) return access(thread);
  static constexpr int kSizes[] = {1, 8, 13, 24, 40, 64, 100, 200};
  Step step{Op::Malloc, thread.id};
  step.bytes = oneOf(kSizes);
  step.variant = below(4);  // malloc, calloc, new[], posix_memalign
  step.place.block = newBlock(step.bytes, thread.id, step.variant);
  step.place.offset = blocks_.back().offset;
  emit(std::move(step));
}

/// Frees a block; right after that somebody may still look at it, before it is handed out again.
void Generator::release(ThreadState& thread, std::size_t which) {
  const Block block = blocks_[which];
  blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(which));
  Step step{Op::Free, thread.id};
  step.place = {block.id, block.offset};
  step.bytes = block.bytes;
  step.variant = block.how;
  step.events = {on(What::Write, thread, block.offset, block.bytes)};
  emit(std::move(step));
  // A thread on its way into a channel may take the memory.
  const bool busy =
      std::any_of(std::begin(channels_), std::end(channels_),
                  [](const ChannelState& each) { return each.sender >= 0 || each.receiver >= 0; });
  if (busy || !chance(20)) return;
  ThreadState& late = threads_[static_cast<std::size_t>(below(static_cast<int>(threads_.size())))];
  if (late.state != State::Ready) return;
  Step look{Op::Read, late.id};
  look.bytes = std::min(1 << below(4), block.bytes);
  if (!isScalar(look.bytes)) look.bytes = 1;
  look.place = {block.id, block.offset + below(block.bytes - look.bytes + 1)};
  look.events = {on(What::Read, late, look.place.offset, look.bytes)};
  emit(std::move(look));
}

/// In place or not is known beforehand: the C library moves what shrinks to less than half or grows
/// to more than what was rounded up.
void Generator::resize(ThreadState& thread, Block& block) {
  if (next_block_ >= kMaxBlocks - kMaxThreads || block.how > 1) return;
  Step step{Op::Realloc, thread.id};
  step.place = {block.id, block.offset};
  if (block.bytes % 16 == 8 && block.bytes >= 40 && chance(50)) {
    // malloc rounds up to 16 n + 8: the last bytes go, the rest stays where it is.
    step.bytes = block.bytes - 1 - below(7);
    step.other = block.id;
    step.events = {on(What::Write, thread, block.offset + step.bytes, block.bytes - step.bytes)};
    block.bytes = step.bytes;
    block.owner = thread.id;
    emit(std::move(step));
    return;
  }
  step.bytes = block.bytes * 2 + 40;
  if (step.bytes > 400) return;
  step.events = {on(What::Write, thread, block.offset, block.bytes)};
  const int old = block.id;
  step.source.offset = next_offset_;
  const int moved = newBlock(step.bytes, thread.id, 0);  // `block` is no more
  step.other = moved;
  emit(std::move(step));
  blocks_.erase(std::find_if(blocks_.begin(), blocks_.end(),
                             [&](const Block& each) { return each.id == old; }));
}

/// A line of the arena is fresh memory, so that its bytes can race for the first time again.
void Generator::renew(ThreadState& thread) {
  Step step{Op::NewMemory, thread.id};
  step.bytes = chance(50) ? 64 : 16 * (1 + below(4));
  step.place.offset = below((kMemoryBytes - step.bytes) / 16 + 1) * 16;
  if (step.bytes == 64) step.place.offset -= step.place.offset % 64;
  step.events = {on(What::Reset, thread, step.place.offset, step.bytes)};
  emit(std::move(step));
}

}  // namespace soak
