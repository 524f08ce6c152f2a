// shared_memory.cpp - memory that comes, goes or is emptied other than by mmap: shmat, madvise,
// sbrk.
//
// Attached memory and pages that the kernel has emptied start afresh; detaching is a write of the
// whole, as munmap is.
//
// Thread safety: any thread. Allocation: arena.
#include <sys/shm.h>

#include "base/arena.h"
#include "base/spin_lock.h"
#include "core/address_map.h"
#include "entry/access.h"
#include "intercept/mapping.h"
#include "intercept/real_calls.h"
#include "intercept/uniform.h"

namespace hindsight {
namespace {

/// What shmdt gives back: the kernel knows it by its address alone.
struct Attachment {
  Attachment* next;
  uptr begin;
  size_t bytes;
};

constinit SpinLock attachments_lock;
constinit Attachment* attachments = nullptr;

void attached(uptr begin, size_t bytes) {
  auto* entry = arenaNew<Attachment>();
  SpinLockGuard guard(attachments_lock);
  *entry = {attachments, begin, bytes};
  attachments = entry;
}

/// Forgets what is attached at `begin`. Returns its bytes, 0 if unknown.
size_t takeAttachment(uptr begin) {
  SpinLockGuard guard(attachments_lock);
  for (Attachment** at = &attachments; *at != nullptr; at = &(*at)->next) {
    if ((*at)->begin != begin) continue;
    Attachment* const gone = *at;
    const size_t bytes = gone->bytes;
    *at = gone->next;
    arenaFree(gone, sizeof *gone);
    return bytes;
  }
  return 0;
}

bool empties(int advice) {
  return advice == MADV_DONTNEED || advice == MADV_FREE || advice == MADV_REMOVE;
}

}  // namespace

void segmentAttached(int id, void* address) {
  shmid_ds info{};
  if (real.shmctl(id, IPC_STAT, &info) != 0) return;
  const size_t bytes = roundUp(info.shm_segsz, kPageSize);
  mappingMade(address, bytes);
  attached(reinterpret_cast<uptr>(address), bytes);
}

void segmentDetaching(InterceptedCall& call, const void* address) {
  // Before the call: after it, another thread may have attached something else there. It does not
  // fail for what is attached.
  const size_t bytes = takeAttachment(reinterpret_cast<uptr>(address));
  if (bytes != 0) unmapping(call, const_cast<void*>(address), bytes);
}

HINDSIGHT_INTERCEPTOR void* shmat(int id, const void* wanted, int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.shmat(id, wanted, flags); }, kReadsNothing,
      [=](InterceptedCall&, void* address) {
        if (reinterpret_cast<sptr>(address) != -1) segmentAttached(id, address);
      });
}

HINDSIGHT_INTERCEPTOR int shmdt(const void* address) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.shmdt(address);
  segmentDetaching(call, address);
  return call.blocking([=] { return real.shmdt(address); });
}

/// Without a report: what is dropped of a file's pages comes back as it was.
void advised(void* address, size_t bytes, int advice) {
  const auto begin = reinterpret_cast<uptr>(address);
  const size_t whole = roundUp(bytes, kPageSize);
  if (whole != 0 && empties(advice)) resetShadow(begin, whole);
}

HINDSIGHT_INTERCEPTOR int madvise(void* address, size_t bytes, int advice) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.madvise(address, bytes, advice); }, kReadsNothing,
      [=](InterceptedCall&, int result) {
        if (result == 0) advised(address, bytes, advice);
      });
}

namespace {

template <class RealCall>
void* moveBreak(uptr pc, intptr_t growth, RealCall real_call) {
  return intercepted(pc, real_call, kReadsNothing, [=](InterceptedCall&, void* old_end) {
    const auto begin = reinterpret_cast<uptr>(old_end);
    if (growth > 0 && reinterpret_cast<sptr>(old_end) != -1 &&
        isApplication(begin, static_cast<size_t>(growth)))
      resetShadow(begin, static_cast<size_t>(growth));
  });
}

}  // namespace

HINDSIGHT_INTERCEPTOR void* sbrk(intptr_t growth) noexcept {
  return moveBreak(HINDSIGHT_CALLER_PC, growth, [=] { return real.sbrk(growth); });
}

/// Not an alias: an allocator may have a sbrk of its own, which calls this one.
HINDSIGHT_INTERCEPTOR void* __sbrk(intptr_t growth) noexcept {
  return moveBreak(HINDSIGHT_CALLER_PC, growth, [=] { return real.__sbrk(growth); });
}

HINDSIGHT_INTERCEPTOR int brk(void* end) noexcept {
  const auto old_end = reinterpret_cast<uptr>(real.sbrk(0));
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.brk(end); }, kReadsNothing,
      [=](InterceptedCall&, int result) {
        const auto new_end = reinterpret_cast<uptr>(end);
        if (result == 0 && new_end > old_end && isApplication(old_end, new_end - old_end))
          resetShadow(old_end, new_end - old_end);
      });
}

void pagesRemapped(void* address, size_t bytes) {
  resetShadow(reinterpret_cast<uptr>(address), roundUp(bytes, kPageSize));
}

HINDSIGHT_INTERCEPTOR int remap_file_pages(void* address, size_t bytes, int protection, size_t page,
                                           int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.remap_file_pages(address, bytes, protection, page, flags); }, kReadsNothing,
      [=](InterceptedCall&, int result) {
        if (result == 0) pagesRemapped(address, bytes);
      });
}

}  // namespace hindsight
