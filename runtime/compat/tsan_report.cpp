// tsan_report.cpp - what a program may ask about a report (sanitizer/tsan_interface.h), and what it
// may tell the detector as a whole.
//
// A report is valid while __tsan_on_report runs. Its parts: `mop` 0 is the access that found the
// race and 1 the earlier one; one location, if it is known; the locks held by either side; the
// threads of both, and the owner of the location's memory. Getters return 1, or 0 for a part that
// is not there.
//
// Thread safety: the thread that __tsan_on_report is called in. Allocation: none.
#include "base/types.h"
#include "core/address_map.h"
#include "heap/heap.h"
#include "history/stack_depot.h"
#include "intercept/intercepted_call.h"
#include "report/race_report.h"
#include "report/symbolizer.h"
#include "sync/sync.h"
#include "threads/thread.h"

using namespace hindsight;

namespace {

const RaceReport& reportOf(const void* report) { return *static_cast<const RaceReport*>(report); }

/// Copies return addresses, innermost first; a null follows if there is room.
void copyTrace(const StackView& stack, void** trace, size_t capacity) {
  if (trace == nullptr) return;
  size_t count = 0;
  for (; count < stack.count && count < capacity; ++count)
    trace[count] = reinterpret_cast<void*>(stack.pcs[count]);
  if (count < capacity) trace[count] = nullptr;
}

template <class To, class From>
void set(To* place, From value) {
  if (place != nullptr) *place = static_cast<To>(value);
}

int tidOf(const ThreadView& thread) {
  return thread.id == kUnknownThread ? -1 : static_cast<int>(thread.id);
}

struct ThreadList {
  const ThreadView* threads[3];
  u32 count = 0;

  explicit ThreadList(const RaceReport& report) {
    add(report.current.thread);
    add(report.previous.thread);
    if (report.location.kind != LocationKind::Unknown &&
        report.location.kind != LocationKind::Global)
      add(report.location.owner);
  }

 private:
  void add(const ThreadView& thread) {
    if (thread.id == kUnknownThread) return;
    for (u32 i = 0; i < count; ++i)
      if (threads[i]->id == thread.id) return;
    threads[count++] = &thread;
  }
};

const AccessView* accessAt(const RaceReport& report, unsigned long index) {
  return index == 0 ? &report.current : index == 1 ? &report.previous : nullptr;
}

/// A global is known by its symbol only.
SymbolizedGlobal globalOf(const RaceReport& report) {
  if (report.location.kind != LocationKind::Unknown && report.location.kind != LocationKind::Global)
    return {};
  return processSymbols().global(report.current.address);
}

const char* typeOf(LocationKind kind) {
  switch (kind) {
    case LocationKind::Heap: return "heap";
    case LocationKind::Stack: return "stack";
    case LocationKind::ThreadLocal: return "tls";
    case LocationKind::Global: return "global";
    case LocationKind::Descriptor: return "fd";
    default: return "";
  }
}

}  // namespace

HINDSIGHT_EXPORT void* __tsan_get_current_report() { return const_cast<RaceReport*>(told_report); }

HINDSIGHT_EXPORT int __tsan_get_report_data(void* opaque, const char** description, int* count,
                                            int* stack_count, int* mop_count, int* loc_count,
                                            int* mutex_count, int* thread_count,
                                            int* unique_tid_count, void** sleep_trace,
                                            unsigned long trace_size) {
  const RaceReport& report = reportOf(opaque);
  const bool frees =
      report.location.kind != LocationKind::Descriptor &&
      (report.current.kind == AccessKind::Free || report.previous.kind == AccessKind::Free);
  if (description != nullptr) *description = frees ? "heap-use-after-free" : "data-race";
  const bool located =
      report.location.kind != LocationKind::Unknown || globalOf(report).name != nullptr;
  set(count, 1);
  set(stack_count, 0);  // the stacks belong to the accesses
  set(mop_count, 2);
  set(loc_count, located ? 1 : 0);
  set(mutex_count, report.current.lock_count + report.previous.lock_count);
  set(thread_count, ThreadList(report).count);
  set(unique_tid_count, 2);
  copyTrace({}, sleep_trace, trace_size);
  return 1;
}

HINDSIGHT_EXPORT int __tsan_get_report_tag(void*, unsigned long* tag) {
  set(tag, 0);
  return 0;
}

HINDSIGHT_EXPORT int __tsan_get_report_stack(void*, unsigned long, void** trace,
                                             unsigned long trace_size) {
  copyTrace({}, trace, trace_size);
  return 0;
}

HINDSIGHT_EXPORT int __tsan_get_report_mop(void* opaque, unsigned long index, int* tid,
                                           void** address, int* size, int* write, int* atomic,
                                           void** trace, unsigned long trace_size) {
  const AccessView* const access = accessAt(reportOf(opaque), index);
  if (access == nullptr) return 0;
  set(tid, tidOf(access->thread));
  if (address != nullptr) *address = reinterpret_cast<void*>(access->address);
  set(size, access->size);
  set(write, access->kind != AccessKind::Read && access->kind != AccessKind::AtomicRead ? 1 : 0);
  set(atomic,
      access->kind == AccessKind::AtomicRead || access->kind == AccessKind::AtomicWrite ? 1 : 0);
  copyTrace(access->stack, trace, trace_size);
  return 1;
}

HINDSIGHT_EXPORT int __tsan_get_report_loc(void* opaque, unsigned long index, const char** type,
                                           void** address, void** start, unsigned long* size,
                                           int* tid, int* fd, int* suppressable, void** trace,
                                           unsigned long trace_size) {
  const RaceReport& report = reportOf(opaque);
  LocationView location = report.location;
  const SymbolizedGlobal global = globalOf(report);
  if (global.name != nullptr) {
    location.kind = LocationKind::Global;
    location.start = global.start;
    location.size = global.size;
  }
  if (index != 0 || location.kind == LocationKind::Unknown) return 0;
  if (type != nullptr) *type = typeOf(location.kind);
  if (address != nullptr) *address = reinterpret_cast<void*>(report.current.address);
  if (start != nullptr) *start = reinterpret_cast<void*>(location.start);
  set(size, location.size);
  set(tid, location.kind == LocationKind::Global ? 0 : tidOf(location.owner));
  set(fd, location.kind == LocationKind::Descriptor ? static_cast<int>(location.start) : 0);
  set(suppressable, location.kind == LocationKind::Global ? 1 : 0);
  copyTrace(location.allocated_at, trace, trace_size);
  return 1;
}

HINDSIGHT_EXPORT int __tsan_get_report_loc_object_type(void*, unsigned long, const char** type) {
  if (type != nullptr) *type = "";
  return 0;
}

/// The id of a lock is its address.
HINDSIGHT_EXPORT int __tsan_get_report_mutex(void* opaque, unsigned long index, u64* id,
                                             void** address, int* destroyed, void** trace,
                                             unsigned long trace_size) {
  const RaceReport& report = reportOf(opaque);
  const u32 of_current = report.current.lock_count;
  if (index >= of_current + report.previous.lock_count) return 0;
  const HeldLockView& lock =
      index < of_current ? report.current.locks[index] : report.previous.locks[index - of_current];
  set(id, lock.address);
  if (address != nullptr) *address = reinterpret_cast<void*>(lock.address);
  set(destroyed, 0);
  copyTrace(lock.taken_at, trace, trace_size);
  return 1;
}

HINDSIGHT_EXPORT int __tsan_get_report_thread(void* opaque, unsigned long index, int* tid,
                                              u64* os_id, int* running, const char** name,
                                              int* parent_tid, void** trace,
                                              unsigned long trace_size) {
  const ThreadList list(reportOf(opaque));
  if (index >= list.count) return 0;
  const ThreadView& thread = *list.threads[index];
  set(tid, tidOf(thread));
  set(os_id, thread.os_tid);
  set(running, thread.finished ? 0 : 1);
  if (name != nullptr) *name = thread.name;
  set(parent_tid, thread.creator_id);
  copyTrace(thread.created_at, trace, trace_size);
  return 1;
}

HINDSIGHT_EXPORT int __tsan_get_report_unique_tid(void* opaque, unsigned long index, int* tid) {
  const AccessView* const access = accessAt(reportOf(opaque), index);
  if (access == nullptr) return 0;
  set(tid, tidOf(access->thread));
  return 1;
}

// --- Asked outside of a report -------------------------------------------------------------------

/// Returns the frames written to `trace`; 0 if no live heap block holds the address.
HINDSIGHT_EXPORT int __tsan_get_alloc_stack(uptr address, uptr* trace, size_t size, int* tid,
                                            u64* os_id) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  const uptr block = call.bypass() && told_report == nullptr ? 0 : findBlock(address);
  if (block == 0) return 0;
  const Block known = describeBlock(block);
  u32 count = 0;
  const uptr* const frames = depotGet(known.stack, count);
  const u32 written = static_cast<u32>(min<size_t>(count, size));
  for (u32 i = 0; i < written; ++i) trace[i] = frames[i];
  set(tid, known.thread_id);
  set(os_id, 0);
  return static_cast<int>(written);
}

/// Returns "heap", "global" or "" (stacks and thread-local storage are not told apart here).
HINDSIGHT_EXPORT const char* __tsan_locate_address(uptr address, char* name, size_t name_size,
                                                   uptr* region_start, size_t* region_size) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (name_size > 0) name[0] = '\0';
  set(region_start, 0);
  set(region_size, 0);
  if (const uptr block = findBlock(address)) {
    set(region_start, block);
    set(region_size, sizeOf(block));
    return "heap";
  }
  rememberModules();
  const SymbolizedGlobal global = processSymbols().global(address);
  if (global.name == nullptr) return "";
  size_t length = 0;
  for (; length + 1 < name_size && global.name[length] != '\0'; ++length)
    name[length] = global.name[length];
  if (name_size > 0) name[length] = '\0';
  set(region_start, global.start);
  set(region_size, global.size);
  return "global";
}

/// ThreadSanitizer gives memory back and forgets; here nothing is kept that could be forgotten
/// without losing races.
HINDSIGHT_EXPORT void __tsan_flush_memory() {}
