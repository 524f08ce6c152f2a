#include "intercept/libc_headers.h"

#include <sys/mman.h>

#include "intercept/descriptor_races.h"

#include "base/arena.h"
#include "base/flags.h"
#include "entry/access.h"
#include "history/stack_depot.h"
#include "platform/syscalls.h"
#include "report/views.h"

namespace hindsight {
namespace {

enum class State : u8 { Unknown, Open, Closed };

/// A line each: descriptors used by different threads do not disturb one another.
struct alignas(kLineSize) Descriptor {
  u32 cell;  // nobody reads or writes it but the race rule, in its shadow
  u32 state;
  u32 opener, opened_at;  // thread and stack (history/stack_depot.h)
};

constexpr int kMaxDescriptors = 1 << 20;
constinit Descriptor* descriptors = nullptr;
constinit int highest = -1;  // that was ever opened

/// Null if the number is none that is followed.
Descriptor* find(int fd) {
  return descriptors != nullptr && fd >= 0 && fd < kMaxDescriptors ? &descriptors[fd] : nullptr;
}

State stateOf(const Descriptor& descriptor) {
  return static_cast<State>(
      __atomic_load_n(&descriptor.state, __ATOMIC_RELAXED));  // the program's order is the kernel's
}

void setState(Descriptor& descriptor, State state) {
  __atomic_store_n(&descriptor.state, static_cast<u32>(state), __ATOMIC_RELAXED);
}

bool counts(const InterceptedCall& call) {
  return !call.isIgnored() && call.thread().ignore_sync == 0 && !isInForeignLibrary(call.pc());
}

void close(InterceptedCall& call, Descriptor& descriptor) {
  checkFree(call.thread(), reinterpret_cast<uptr>(&descriptor.cell), sizeof descriptor.cell,
            {call.pc(), call.top()});
}

/// For reports: what is known of the descriptor whose cell is at `address`.
bool locateDescriptor(uptr address, LocationView& location) {
  const uptr offset = address - reinterpret_cast<uptr>(descriptors);
  if (descriptors == nullptr || offset >= kMaxDescriptors * sizeof(Descriptor)) return false;
  const Descriptor& descriptor = descriptors[offset / sizeof(Descriptor)];
  location.kind = LocationKind::Descriptor;
  location.start = offset / sizeof(Descriptor);
  location.size = 0;
  location.owner = viewOfThread(descriptor.opener);
  location.allocated_at = viewOfDepot(descriptor.opened_at);
  return true;
}

}  // namespace

void initDescriptorRaces() {
  if (!flags().report_descriptor_races) return;
  // Not of the runtime's own range, which has no cells.
  const sptr pages = sysMmap(nullptr, kMaxDescriptors * sizeof(Descriptor), PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (syscallFailed(pages)) return;
  descriptors = reinterpret_cast<Descriptor*>(pages);
  locate_descriptor = locateDescriptor;
}

void descriptorOpened(InterceptedCall& call, int fd) {
  Descriptor* const descriptor = find(fd);
  if (descriptor == nullptr) return;
  resetShadow(reinterpret_cast<uptr>(&descriptor->cell), sizeof descriptor->cell);
  for (int known = __atomic_load_n(&highest, __ATOMIC_RELAXED);
       known < fd && !__atomic_compare_exchange_n(&highest, &known, fd, true, __ATOMIC_RELAXED,
                                                  __ATOMIC_RELAXED);) {
  }
  descriptor->opener = call.thread().id;
  descriptor->opened_at = depotPut(call.pc(), call.thread().history.stack, call.top());
  setState(*descriptor, State::Open);
}

void descriptorUsed(InterceptedCall& call, int fd) {
  Descriptor* const descriptor = find(fd);
  if (descriptor == nullptr || stateOf(*descriptor) != State::Open || !counts(call)) return;
  call.reads(&descriptor->cell, sizeof descriptor->cell);
}

void descriptorMissed(InterceptedCall& call, int fd) {
  Descriptor* const descriptor = find(fd);
  if (descriptor == nullptr || stateOf(*descriptor) != State::Closed || !counts(call)) return;
  call.reads(&descriptor->cell, sizeof descriptor->cell);
}

void descriptorClosing(InterceptedCall& call, int fd) {
  Descriptor* const descriptor = find(fd);
  if (descriptor == nullptr || stateOf(*descriptor) == State::Unknown) return;
  if (!counts(call)) return setState(*descriptor, State::Unknown);
  // Closed already, or opened unseen since: fcntl tells.
  if (stateOf(*descriptor) == State::Closed && !syscallFailed(sysFcntl(fd, F_GETFD, 0)))
    return setState(*descriptor, State::Unknown);
  close(call, *descriptor);
  setState(*descriptor, State::Closed);
}

void descriptorsClosing(InterceptedCall& call, u32 first, u32 last) {
  const auto end = static_cast<u32>(__atomic_load_n(&highest, __ATOMIC_RELAXED) + 1);
  for (u32 fd = first; fd < end && fd <= last; ++fd)
    if (stateOf(descriptors[fd]) == State::Open) descriptorClosing(call, static_cast<int>(fd));
}

}  // namespace hindsight
