#include "report/race_found.h"

#include "base/flags.h"
#include "base/text_writer.h"
#include "core/stamps.h"
#include "core/tiny_memory.h"
#include "heap/allocator_code.h"
#include "history/kept_history.h"
#include "platform/report_stack.h"
#include "platform/unwind.h"
#include "report/benign_races.h"
#include "report/output.h"
#include "report/part_pc.h"
#include "report/race_report.h"
#include "report/report_turn.h"
#include "report/stack_frame.h"
#include "report/views.h"
#include "sync/lock_table.h"

// The program may define them; null if it does not.
extern "C" __attribute__((weak)) void __hindsight_on_race(const void* address, size_t bytes);
// For tests of Hindsight itself. Bit i of `bytes` is the byte at `line + i`; the threads are
// numbered in the order of their creation, and ~0u is a thread that is not known any more.
extern "C" __attribute__((weak)) void __hindsight_on_race_bytes(const void* line,
                                                                unsigned long bytes,
                                                                unsigned thread,
                                                                unsigned previous_thread);
extern "C" __attribute__((weak)) void __tsan_on_report(void* report);

namespace hindsight {

void (*race_found_hook)(Thread& thread, const CurrentAccess& current, uptr line,
                        const RacedEntry& prior) = nullptr;

namespace {

struct Request {
  Thread* thread;
  const CurrentAccess* current;
  uptr line;
  const RacedEntry* prior;
  UnwindContext* registers;
  bool printed;
};

// Large, and used by one report at a time.
RaceReport report;
RestoredAccess restored;
HeldLockView current_locks[kMaxHeldLocks], previous_locks[kMaxHeldLocks];
uptr current_frames[kMaxFrames];

uptr firstBit(u64 bytes) { return static_cast<uptr>(__builtin_ctzll(bytes)); }
u32 popCount(u64 bytes) { return static_cast<u32>(__builtin_popcountll(bytes)); }

AccessKind kindOf(Kind kind, bool is_free) {
  if (is_free) return AccessKind::Free;
  return static_cast<AccessKind>(kind);
}

/// `stacks`: where each was taken (stack_depot.h), or null; else only the line of that is known.
u32 viewLocks(const HeldLock* locks, const u32* stacks, u32 count, HeldLockView* out) {
  for (u32 i = 0; i < count; ++i)
    out[i] = {
        locks[i].address, locks[i].shared,
        stacks != nullptr && stacks[i] != 0 ? viewOfDepot(stacks[i]) : viewOf(&locks[i].pc, 1),
        viewOfDepot(whereCreated(locks[i].address).stack)};
  return count;
}

AccessView viewCurrent(const Thread& thread, const CurrentAccess& current,
                       UnwindContext& registers) {
  AccessView view{};
  view.kind = kindOf(current.kind, current.is_free);
  view.address = realAddress(current.address);
  view.size = static_cast<u32>(current.bytes);
  view.thread = viewOf(thread);
  view.is_volatile = (current.pc & kVolatileSite) != 0;
  current_frames[0] = current.pc & ~(kVolatileSite | kStartsMask);
  u32 count = unwindFrom(registers, current_frames[0], current_frames, kMaxFrames);
  // What cannot be unwound (code without tables, a clobbered stack) is known by its calls.
  if (count < 2)
    count = 1 + copyFrames(thread.history.stack, current.top, current_frames + 1, kMaxFrames - 1);
  current_frames[0] = pcOfPart(current_frames[0], current.part);
  view.stack = viewOf(current_frames, count);
  view.locks = current_locks;
  view.lock_count =
      viewLocks(thread.history.locks, thread.held_stacks, thread.history.lock_count, current_locks);
  return view;
}

AccessView viewPrevious(uptr line, const RacedEntry& prior) {
  AccessView view{};
  const ThreadEpoch event = resolve(prior.stamp);
  const Thread* thread = threadOf(event);
  view.kind = kindOf(prior.kind, false);
  view.address = realAddress(line + firstBit(prior.bytes));
  view.size = popCount(prior.bytes);
  view.stack.lost = true;
  if (thread == nullptr) {
    view.thread.id = kUnknownThread;
    return view;
  }
  view.thread = viewOf(*thread);
  if (!restoreAccess(thread->history, event.epoch, line, prior.bytes, prior.kind, restored))
    return view;
  view.kind = kindOf(restored.kind, restored.is_free);
  view.is_volatile = restored.is_volatile;
  view.address = realAddress(restored.address);
  view.size = static_cast<u32>(restored.bytes);
  restored.frames[0] = pcOfPart(restored.frames[0], restored.part);
  view.stack = viewOf(restored.frames, restored.frame_count);
  view.locks = previous_locks;
  view.lock_count = viewLocks(restored.locks, nullptr, restored.lock_count, previous_locks);
  return view;
}

void gatherAndPrint(void* argument) {
  auto& request = *static_cast<Request*>(argument);
  report = {};
  lockRegistry();
  report.current = viewCurrent(*request.thread, *request.current, *request.registers);
  report.previous = viewPrevious(request.line, *request.prior);
  if (report.previous.stack.count != 0 && isInAllocator(report.previous.stack.pcs[0]))
    return unlockRegistry();
  const uptr line = realAddress(request.line);
  const uptr raced = line + firstBit(request.prior->bytes);
  report.location = locate(raced);
  if (report.location.kind == LocationKind::Stack && report.location.frame.pc == 0)
    report.location.frame =
        ownFrameOf(*request.registers, request.current->pc & ~(kVolatileSite | kStartsMask), raced);
  TextWriter text;
  request.printed = describeRace(report, text);
  unlockRegistry();
  // The program may read the pipe itself, and first begin, join or look for a thread.
  if (request.printed) writeOutput(text.data(), text.size());
  if (__hindsight_on_race != nullptr)
    __hindsight_on_race(reinterpret_cast<const void*>(raced), popCount(request.prior->bytes));
  if (__hindsight_on_race_bytes != nullptr)
    __hindsight_on_race_bytes(reinterpret_cast<const void*>(line), request.prior->bytes,
                              report.current.thread.id, report.previous.thread.id);
}

/// Code of the program may run from here, so not on the report stack, which has no shadow.
void tellProgram(void*) {
  if (__tsan_on_report != nullptr) {
    told_report = &report;
    __tsan_on_report(&report);
    told_report = nullptr;
  }
  haltIfAsked();
}

}  // namespace

void raceFound(Thread& thread, const CurrentAccess& current, uptr line, const RacedEntry& prior) {
  if (race_found_hook != nullptr) return race_found_hook(thread, current, line, prior);
  if (isBenignRace(realAddress(line), prior.bytes)) return;
  if (isInAllocator(current.pc & ~(kVolatileSite | kStartsMask))) return;
  UnwindContext registers;
  HINDSIGHT_CAPTURE(registers);
  Request request{&thread, &current, line, &prior, &registers, false};
  const ReportTurn turn;
  onReportStack(gatherAndPrint, &request);
  if (request.printed && (__tsan_on_report != nullptr || flags().halt_on_error))
    onOwnStack(tellProgram, nullptr);
}

void racesFound(Thread& thread, const CurrentAccess& current, uptr line, RacedEntries& prior) {
  const FoundReport found;
  forEachPart(current.address, current.bytes, current.pc,
              [&](uptr address, size_t bytes, u32 index) {
                const uptr begin = max(address, line), end = min(address + bytes, line + kLineSize);
                if (begin >= end) return;
                CurrentAccess part = current;
                part.address = address;
                part.bytes = bytes;
                part.part = index;
                for (u32 i = 0; i < prior.count(); ++i) {
                  const RacedEntry& entry = prior[i];
                  const RacedEntry met{entry.bytes & lineBytes(begin, end - begin), entry.stamp,
                                       entry.kind};
                  if (met.bytes != 0) raceFound(thread, part, line, met);
                }
              });
  prior.clear();
}

}  // namespace hindsight
